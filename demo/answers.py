"""What inmates answer at the admission interview: nothing to tell, and somebody to worry about."""

from dataclasses import replace

from intake.rules import Answer, Answers, Interpreter

CALM = Answers(
    suicide_risk=Answer.NO,
    self_harm=Answer.NO,
    detox_need=Answer.NO,
    illness_signs=Answer.NO,
    mental_health_worry=Answer.NO,
    wishes_health_contact=Answer.NO,
    language="norsk",
    interpreter=Interpreter.NOT_NEEDED,
)
WORRIED = replace(
    CALM,
    suicide_risk=Answer.UNCERTAIN,
    detox_need=Answer.YES,
    mental_health_worry=Answer.YES,
    wishes_health_contact=Answer.YES,
    description="Skjelver og er svett. Sier han ikke har sovet på tre døgn. Vil snakke med noen.",
)
