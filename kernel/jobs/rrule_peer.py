"""Random rules, as python-dateutil reads them and as we do. Usage: rrule_peer.py JOBS_TEST [rounds]"""
import datetime
import random
import subprocess
import sys

try:
    from dateutil.rrule import rrulestr
except ImportError:
    print("skipped: this Python has no dateutil (Debian: python3-dateutil)")
    sys.exit(77)

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
MOST = 12  # occurrences compared


def some(chance, values, most=3):
    return ",".join(str(v) for v in chance.sample(values, chance.randint(1, most)))


def rule(chance):
    freq = chance.choice(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"])
    parts = [f"FREQ={freq}"]
    if chance.random() < 0.5:
        parts.append(f"INTERVAL={chance.randint(1, 5 if freq != 'MINUTELY' else 90)}")
    walks = freq == "MINUTELY"  # dateutil does, minute by minute: whole days left out would take long
    if chance.random() < 0.3 and not walks:
        parts.append("BYMONTH=" + some(chance, range(1, 13)))
    if chance.random() < 0.3 and freq != "WEEKLY" and not walks:
        parts.append("BYMONTHDAY=" + some(chance, [d for d in range(-31, 32) if d]))
    if chance.random() < 0.15 and freq in ("YEARLY", "HOURLY"):
        parts.append("BYYEARDAY=" + some(chance, [d for d in range(-366, 367) if d], 6))
    if chance.random() < 0.4 and not walks:
        # dateutil takes "TU,2WE" for the days that are both; by the RFC they are the days that are either.
        ordinals = ["1", "2", "-1", "3"] if freq in ("MONTHLY", "YEARLY") and chance.random() < 0.5 else [""]
        parts.append("BYDAY=" + ",".join(chance.choice(ordinals) + day for day in chance.sample(DAYS, chance.randint(1, 3))))
    if chance.random() < 0.3:
        parts.append("BYHOUR=" + some(chance, range(24)))
    if chance.random() < 0.3:
        parts.append("BYMINUTE=" + some(chance, range(60)))
    # Of the week in which the start lies, dateutil counts positions from the start; by the RFC from the week's.
    if chance.random() < 0.25 and freq != "WEEKLY" and any(p.startswith("BY") for p in parts):
        parts.append("BYSETPOS=" + some(chance, [-2, -1, 1, 2, 3], 2))
    if chance.random() < 0.3:
        parts.append("WKST=" + chance.choice(DAYS))
    if chance.random() < 0.3:
        parts.append(f"COUNT={chance.randint(1, 15)}")
    elif chance.random() < 0.3:
        parts.append(f"UNTIL=20{chance.randint(27, 35)}0{chance.randint(1, 9)}15T120000")
    return ";".join(parts)


def theirs(text, start):
    years = 1 if text.startswith(("FREQ=HOURLY", "FREQ=MINUTELY")) else 20  # what comes rarely would take long
    limit = start.replace(year=start.year + years)
    out = []
    try:
        rules = rrulestr(text, dtstart=start)
    except ValueError as error:  # "generates an empty set": it never comes
        assert "empty set" in str(error), error
        return out, True
    for at in rules:
        if at > limit:
            return out, True
        out.append(at.strftime("%Y-%m-%dT%H:%M"))
        if len(out) == MOST:
            return out, True
    return out, False


def main():
    chance = random.Random(5545)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    asked = []
    for _ in range(rounds):
        start = datetime.datetime(2026, chance.randint(1, 12), chance.randint(1, 28), chance.randint(0, 23), chance.randint(0, 59))
        asked.append((rule(chance), start))
    lines = "".join(f"{text} {start:%Y-%m-%dT%H:%M} {MOST}\n" for text, start in asked)
    answer = subprocess.run([sys.argv[1], "occurrences of stdin"], input=lines, capture_output=True, text=True, check=True)
    ours = answer.stdout.split("\n")[1:]  # after the line of filters
    compared = wrong = 0
    for (text, start), line in zip(asked, ours):
        if "never" in line:  # dateutil looks for it until the year 9999
            continue
        expected, more = theirs(text, start)
        got = [word for word in line.split() if word != "end"]
        compared += 1
        if got[:len(expected)] != expected or (not more and "end" not in line and len(expected) < MOST):
            wrong += 1
            print(f"{text} from {start}\n  ours   {got}\n  theirs {expected}")
    print(f"{compared} rules compared, {wrong} differ")
    return 1 if wrong or compared < rounds * 0.8 else 0


sys.exit(main())
