"""The supervision of isolated patients, by noun: courses with their clocks and visits, and what is told of a visit."""

from follow_up.supervision.courses import (
    CHOSEN,
    begin_course,
    catch_up,
    catch_up_all,
    lock_patient,
    record_visit,
    refresh,
)

__all__ = [
    "CHOSEN",
    "begin_course",
    "catch_up",
    "catch_up_all",
    "lock_patient",
    "record_visit",
    "refresh",
]
