#!/usr/bin/env python3
"""Counts the dated lessons of school 12 from the fixture, independently of the
service's code: for each weekly lesson, the days of its grade's periods that fall on
its weekday and are neither between quarters nor a day off. Prints 43558."""

import csv
import datetime
import pathlib

HERE = pathlib.Path(__file__).parent
QUARTERS = [("2026-09-01", "2026-10-23"), ("2026-11-02", "2026-12-30"),
            ("2027-01-11", "2027-03-19"), ("2027-03-29", "2027-05-26")]
HALF_YEARS = [("2026-09-01", "2026-12-30"), ("2027-01-11", "2027-05-26")]
DAYS_OFF = {"2026-11-04", "2027-02-23", "2027-03-08", "2027-03-18", "2027-05-03", "2027-05-10"}


def rows(name):
    with open(HERE / name, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def days(periods):
    found = set()
    for first, last in periods:
        day, last = datetime.date.fromisoformat(first), datetime.date.fromisoformat(last)
        while day <= last:
            found.add(day)
            day += datetime.timedelta(days=1)
    return found


in_quarters = days(QUARTERS)
study = {day for day in in_quarters if day.isoformat() not in DAYS_OFF}
of_grade = {grade: study & days(QUARTERS if grade <= 9 else HALF_YEARS) for grade in range(1, 12)}
grade_of = {row["group"]: int(row["grade"]) for row in rows("groups.tsv")}
print(sum(
    sum(day.isoweekday() == int(row["weekday"]) for day in of_grade[grade_of[row["group"]]])
    for row in rows("weekly.tsv")
))
