"""What the rules are called on screen and paper, by code. No rule is here, and no number that a rule could change."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from isolation.rules.limits import Act, Authority

AUTHORITIES: dict[Authority, Any] = {
    Authority.PRISON: _("fengselet"),
    Authority.REGION: _("regionen"),
    Authority.DIRECTORATE: _("Kriminalomsorgsdirektoratet"),
    Authority.SUPERVISORY_BOARD: _("Tilsynsrådet"),
    Authority.GUARDIAN: _("vergen"),
    Authority.COURT: _("retten"),
    Authority.HEALTH: _("helsetjenesten"),
}

#: What is done, as a task. Short: it stands in "I dag".
TASKS: dict[str, Any] = {
    "B01": _("Regionen skal avgjøre om utelukkelsen fortsetter"),
    "B02": _("Meld fra til KDI: utelukket mer enn 42 dager"),
    "B03": _("Lengste tid er ett år"),
    "B04": _("Meld fra til regionen: utelukket under 18 år"),
    "B05A": _("Regionen skal vurdere saken på nytt, under 18 år"),
    "B05B": _("Meld fra til KDI: under 18 år, mer enn fem døgn"),
    "B06": _("Meld fra til regionen: delvis utelukket i 30 dager"),
    "B07": _("KDI skal avgjøre om delvis utelukkelse fortsetter, under 18 år"),
    "B08": _("Lengste tid er tre døgn, regionen kan forlenge"),
    "B09": _("Lengste tid er to døgn, regionen kan forlenge, under 18 år"),
    "B09K": _("Meld fra til KDI: forlenget for en under 18 år"),
    "B10": _("Umiddelbar utelukkelse kan vare i høyst 24 timer"),
    "B11A": _("Regionen skal avgjøre om sikkerhetsseng fortsetter"),
    "B11B": _("Meld fra til KDI: sikkerhetsseng mer enn tre døgn"),
    "B12A": _("Regionen skal avgjøre med en gang: sikkerhetsseng under 18 år"),
    "B12B": _("Meld fra til KDI: sikkerhetsseng under 18 år, mer enn et døgn"),
    "B13A": _("Regionen skal avgjøre om sikkerhetscelle fortsetter"),
    "B13B": _("Meld fra til KDI: sikkerhetscelle mer enn seks døgn"),
    "B14A": _("Regionen skal avgjøre om sikkerhetscelle fortsetter, under 18 år"),
    "B14B": _("Meld fra til KDI: sikkerhetscelle under 18 år, mer enn tre døgn"),
    "B15": _("Rettens kjennelse løper ut"),
    "B15M": _("Lengste samlede tid etter rettens kjennelse"),
    "B16": _("Meld fra til Tilsynsrådet: utelukket mer enn 30 dager"),
    "B18": _("Informer vergen"),
    "N01A": _("Nytt vedtak hver uke"),
    "N01B": _("Regionen overtar avgjørelsen etter 14 dager"),
    "N01C": _("Meld fra til KDI: utelukket mer enn 30 dager"),
    "N01D": _("Lengste tid er seks måneder"),
    "N02A": _("Meld fra til regionen etter ett døgn"),
    "N02B": _("Lengste tid er sju dager"),
    "N03": _("Utelukkelse ved innkomst kan vare i høyst sju dager"),
    "N04A": _("Meld fra til regionen: under 18 år"),
    "N04B": _("Lengste tid er sju dager, under 18 år"),
    "N05A": _("Meld fra til regionen: holder seg borte mer enn 14 dager"),
    "N05B": _("Meld fra til KDI: holder seg borte mer enn 30 dager"),
    "N06": _("Lag plan for retur til fellesskapet"),
    "N07A": _("Nytt vedtak om sikkerhetscelle hvert døgn"),
    "N07B": _("Meld fra til regionen: sikkerhetscelle"),
    "N07C": _("Regionen overtar avgjørelsen om sikkerhetscelle"),
    "N07D": _("Meld fra til KDI: sikkerhetscelle mer enn seks døgn"),
    "N08A": _("Nytt vedtak om sikkerhetsseng hver tolvte time"),
    "N08B": _("Meld fra til regionen: sikkerhetsseng"),
    "N08C": _("Regionen overtar avgjørelsen om sikkerhetsseng"),
    "N08D": _("Meld fra til KDI: sikkerhetsseng mer enn 72 timer"),
    "N09A": _("Regionen overtar avgjørelsen, under 18 år"),
    "N09B": _("Meld fra til KDI: under 18 år, mer enn 72 timer"),
    "N10": _("Normalt minst åtte timer ute av cella, aldri under fire; tilbud om mer enn to timer med andre hver dag"),
    "N11": _("Helsetjenesten fører tilsyn minst én gang i døgnet. Fristen er helsetjenestens egen"),
    "D17": _("Varsle legen uten ugrunnet opphold"),
    "D18": _("Be om helsetilsyn når det er brukt fysisk makt"),
    "D19": _("Be om helsetilsyn når den innsatte ber om det"),
    "D20": _("Tilsyn flere ganger daglig, om dagen hver time"),
    "D21": _("Kontinuerlig tilsyn, under 18 år"),
    "D22": _("Ukeplan når utelukkelsen ventes å vare mer enn 72 timer"),
    "D23": _("To timer meningsfull kontakt hver dag etter ukeplanen"),
    "D24": _("Be om legens uttalelse på forhånd så langt det er mulig, ellers varsle snarest"),
    "D25": _("Tilsyn i sikkerhetscelle minst hver time"),
    "D26": _("Kontinuerlig tilsyn i sikkerhetsseng"),
    "D27": _("Vurder fortløpende om tiltaket kan avsluttes, og etter hvert råd fra helsetjenesten"),
    "D27b": _("Motiver til å være sammen med andre"),
    "D28": _("Fengselslederen gjør seg kjent med tilstanden hver dag"),
    "D29": _("Første helsetilsyn så raskt som mulig"),
    "D30": _("Helsetilsyn minst én gang i døgnet"),
    "D31": _("Behandle melding om skade og tilråding om å avslutte straks"),
    "D31b": _("Svar på råd fra helsetjenesten"),
    "D32": _("Legens plan for tilsyn når det er mer enn to timer ute av cella"),
}

#: Why a rule is about a measure, by what it looks at.
ACTS: dict[Act, Any] = {
    Act.TELL: _("Meldes"),
    Act.REPORT: _("Innberettes"),
    Act.DECIDE: _("Avgjøres av andre"),
    Act.RENEW: _("Nytt vedtak"),
    Act.MAXIMUM: _("Lengste tid"),
    Act.ORDER_ENDS: _("Kjennelsen løper ut"),
    Act.PLAN: _("Plan"),
    Act.DAILY: _("Hver dag"),
}

RULE_SETS: dict[str, Any] = {
    "circular": _("Rundskrivet om samarbeid, kapittel 7"),
    "statute": _("Straffegjennomføringsloven §§ 37–39, som den gjelder nå"),
    "other": _("Straffeprosessloven § 186 a og forskriftene"),
    "act_2026": _("Loven av 12. mai 2026 nr. 18"),
}
