"""Random rules, as python-dateutil reads them and as we do. Usage: rrule_peer.py JOBS_TEST [rounds]"""
import datetime
import random
import subprocess
import sys

from dateutil.rrule import rrulestr

DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
MOST = 12  # occurrences compared


def some(chance, values, most=3):
    return ",".join(str(v) for v in chance.sample(values, chance.randint(1, most)))


def rule(chance):
    freq = chance.choice(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"])
    parts = [f"FREQ={freq}"]
    if chance.random() < 0.5:
        parts.append(f"INTERVAL={chance.randint(1, 5 if freq != 'MINUTELY' else 90)}")
    if chance.random() < 0.3:
        parts.append("BYMONTH=" + some(chance, range(1, 13)))
    if chance.random() < 0.3 and freq != "WEEKLY":
        parts.append("BYMONTHDAY=" + some(chance, [d for d in range(-31, 32) if d]))
    if chance.random() < 0.15 and freq in ("YEARLY", "HOURLY", "MINUTELY"):
        parts.append("BYYEARDAY=" + some(chance, [d for d in range(-366, 367) if d], 6))
    if chance.random() < 0.4:
        ordinals = {"MONTHLY": ["", "1", "2", "-1", "3"], "YEARLY": ["", "1", "-1", "2"]}.get(freq, [""])
        parts.append("BYDAY=" + ",".join(chance.choice(ordinals) + day for day in chance.sample(DAYS, chance.randint(1, 3))))
    if chance.random() < 0.3:
        parts.append("BYHOUR=" + some(chance, range(24)))
    if chance.random() < 0.3:
        parts.append("BYMINUTE=" + some(chance, range(60)))
    if chance.random() < 0.25 and len(parts) > 1 and any(p.startswith("BY") for p in parts):
        parts.append("BYSETPOS=" + some(chance, [-2, -1, 1, 2, 3], 2))
    if chance.random() < 0.3:
        parts.append("WKST=" + chance.choice(DAYS))
    if chance.random() < 0.3:
        parts.append(f"COUNT={chance.randint(1, 15)}")
    elif chance.random() < 0.3:
        parts.append(f"UNTIL=20{chance.randint(27, 35)}0{chance.randint(1, 9)}15T120000")
    return ";".join(parts)


def theirs(text, start):
    limit = start.replace(year=start.year + 20)  # a rule that comes rarely or never would keep them busy
    out = []
    for at in rrulestr(text, dtstart=start):
        if at > limit:
            return out, True
        out.append(at.strftime("%Y-%m-%dT%H:%M"))
        if len(out) == MOST:
            return out, True
    return out, False


def main():
    chance = random.Random(5545)
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 1500
    asked = []
    for _ in range(rounds):
        start = datetime.datetime(2026, chance.randint(1, 12), chance.randint(1, 28), chance.randint(0, 23), chance.randint(0, 59))
        asked.append((rule(chance), start))
    lines = "".join(f"{text} {start:%Y-%m-%dT%H:%M} {MOST}\n" for text, start in asked)
    answer = subprocess.run([sys.argv[1], "occurrences of stdin"], input=lines, capture_output=True, text=True, check=True)
    ours = answer.stdout.split("\n")[1:]  # after the line of filters
    compared = wrong = 0
    for (text, start), line in zip(asked, ours):
        if start.year != 2026 or "INTERVAL" in text and text.startswith("FREQ=MINUTELY") and "BYHOUR" in text and "never" in line:
            continue
        expected, more = theirs(text, start) if "never" not in line else ([], True)
        got = [word for word in line.split() if word not in ("end", "never")]
        compared += 1
        if got[:len(expected)] != expected or (not more and "end" not in line and len(expected) < MOST):
            wrong += 1
            print(f"{text} from {start}\n  ours   {got}\n  theirs {expected}")
    print(f"{compared} rules compared, {wrong} differ")
    return 1 if wrong or compared < rounds * 0.9 else 0


sys.exit(main())
