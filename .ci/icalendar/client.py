"""Calendars of the demo school as two parsers read them, which know nothing of each other. See .ci/client."""

import datetime
import json
import os
import sys
import tempfile
import urllib.error
import urllib.request
import uuid
import zoneinfo

import icalendar
import vobject
from served import free_port, run, serving

PASSWORD = "demo-2026-zhurnal"
ZONE = zoneinfo.ZoneInfo("Europe/Simferopol")
# Everything that has a meaning in a line of text, and more than one line of it.
HOSTILE = 'Сбор; «5-А», c:\\папка: "да" — 📚 ' + "очень длинное название " * 3


def call(base, path, body=None, token="", **headers):
    """Status, headers and body of an answer."""
    if body is not None:
        headers |= {"content-type": "application/json", "idempotency-key": str(uuid.uuid4())}
    if token:
        headers["authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data, headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers, refused.read()


class Person:
    """Somebody of the demo school, logged in."""

    def __init__(self, base, login):
        self.base, self.token = base, ""
        session = self.ask("/v1/sessions:logIn", {"login": login, "password": PASSWORD})["session"]
        self.token = self.ask("/v1/sessions:exchange", {"sessionSecret": session["secret"]})["accessToken"]
        self.me = self.ask("/v1/me")["me"]

    def ask(self, path, body=None):
        status, _, answer = call(self.base, path, body, self.token)
        assert status == 200, (path, status, answer)
        return json.loads(answer)

    def calendar(self, school, **what):
        return self.ask(f"/v1/schools/{school}/calendarSubscriptions", what)["path"]


def publish(deputy, school, title):
    """An event of tomorrow for the whole school."""
    day = str(datetime.datetime.now(ZONE).date() + datetime.timedelta(days=1))
    audience = {"audience": "SCHOOL_EVENT_AUDIENCE_SCHOOL", "kind": "SCHOOL_EVENT_KIND_ACTIVITY"}
    hours = {"startsOn": day, "startsAt": "23:00", "endsAt": "23:30"}
    event = deputy.ask(f"/v1/schools/{school}/events", {"content": {"title": title, **audience, **hours}})["schoolEvent"]
    seen = {"schoolEventId": event["schoolEventId"], "etag": event["etag"]}
    deputy.ask(f"/v1/schools/{school}/events:publish", {"schoolEvents": [seen]})
    return day


def by_icalendar(text):
    calendar = icalendar.Calendar.from_ical(text)
    assert calendar.errors == [] and str(calendar["VERSION"]) == "2.0", calendar.errors
    found = {}
    for event in calendar.walk("VEVENT"):
        assert event.errors == [], event.errors
        start, end, stamp = (event.decoded(name) for name in ("DTSTART", "DTEND", "DTSTAMP"))
        assert start < end and stamp.utcoffset() is not None, event
        assert not isinstance(start, datetime.datetime) or start.utcoffset() == datetime.timedelta(0), event
        uid = str(event["UID"])
        assert uid not in found, uid
        status = str(event.get("STATUS", ""))
        found[uid] = (start, end, str(event["SUMMARY"]), str(event.get("LOCATION", "")), int(event["SEQUENCE"]), status)
    return found


def by_vobject(text):
    calendar = vobject.readOne(text)
    calendar.validate(raiseException=True)
    def value(event, name):
        return getattr(event, name).value if hasattr(event, name) else ""
    found = {}
    for event in calendar.contents.get("vevent", []):
        what = (value(event, "summary"), value(event, "location"), int(event.sequence.value), value(event, "status"))
        found[event.uid.value] = (event.dtstart.value, event.dtend.value, *what)
    return found


def read(base, path):
    status, headers, body = call(base, path)
    assert status == 200 and headers["content-type"] == "text/calendar; charset=utf-8", (status, headers)
    assert headers["cache-control"] == "private, max-age=900", headers["cache-control"]
    again, _, nothing = call(base, path, **{"if-none-match": headers["etag"]})
    assert (again, nothing) == (304, b""), again
    assert len(body) < 1_000_000 and body.count(b"\n") == body.count(b"\r\n")
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))
    text = body.decode()
    one, other = by_icalendar(text), by_vobject(text)
    assert one == other, [(one.get(uid), other.get(uid)) for uid in one.keys() | other.keys() if one.get(uid) != other.get(uid)][:3]
    return one


def check(binary, folder):
    data, http = os.path.join(folder, "data"), free_port()
    base = f"http://127.0.0.1:{http}"
    run(binary, "seed", "demo", "--data", data, "--pupils-per-class", "2")
    log = os.path.join(folder, "log")
    with open(log, "wb") as lines, serving(binary, data, http, free_port(), lines, ZHURNAL__TELEMETRY__FILTER="debug"):
        parent, teacher, deputy = (Person(base, login) for login in ("parent", "teacher", "deputy"))
        school = deputy.me["schoolId"]
        day = publish(deputy, school, HOSTILE.strip())
        classes = deputy.ask(f"/v1/schools/{school}/classes")["classes"]
        child = parent.me["children"][0]
        paths = {
            "pupil": parent.calendar(school, kind="CALENDAR_FEED_KIND_PUPIL", pupilId=child["pupilId"]),
            "teacher": teacher.calendar(school, kind="CALENDAR_FEED_KIND_TEACHER"),
            "class": teacher.calendar(school, kind="CALENDAR_FEED_KIND_CLASS", classId=classes[0]["classId"]),
        }
        for whose, path in paths.items():
            found = read(base, path)
            titles = {entry[2]: entry for entry in found.values()}
            start = titles[HOSTILE.strip()][0].astimezone(ZONE)
            assert (str(start.date()), start.hour) == (day, 23), start
            print(f"{whose}: {len(found)} entries, the same in both parsers")
        unknown = paths["pupil"].replace("/calendarFeeds/", "/calendarFeeds/x")
        assert call(base, unknown)[0] == 404
    with open(log, "rb") as lines:
        written = lines.read()
    assert written, "nothing was logged"
    for path in paths.values():
        secret = path.split("/")[-2].encode()
        assert secret not in written, "a secret is in the log"
    print("calendars in two parsers: ok")


with tempfile.TemporaryDirectory(prefix="zhurnal-icalendar-") as scratch:
    check(os.path.abspath(sys.argv[1]), scratch)
