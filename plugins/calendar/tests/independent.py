#!/usr/bin/env python3
"""The counts of Ley 39/2015, arts. 22, 23 and 30 to 33, written again from the law's text, to disagree with the plugin's.

independent.py ANSWERS [CASES] [SEED]: runs ANSWERS (tests/answers.cpp) on the lawyers' tables and on CASES random ones (10,000), and
exits 1 telling each difference. Standard library only: dates by datetime, zones by zoneinfo.
"""
import datetime as dt
import json
import pathlib
import random
import subprocess
import sys
import zoneinfo

ONE = dt.timedelta(days=1)
HERE = pathlib.Path(__file__).resolve().parent


class No(Exception):
    """There is no answer, for this reason."""


def easter(year):
    """Oudin's algorithm: another one than the plugin's."""
    century, golden = year // 100, year % 19
    k = (century - 17) // 25
    i = (century - century // 4 - (century - k) // 3 + 19 * golden + 15) % 30
    i -= (i // 28) * (1 - (i // 28) * (29 // (i + 1)) * ((21 - golden) // 11))
    j = (year + year // 4 + i + 2 - century + century // 4) % 7
    step = i - j
    month = 3 + (step + 40) // 44
    return dt.date(year, month, step + 28 - 31 * (month // 4))


def shipped():
    covered, days = {}, {}
    for line in (HERE.parent / 'data/festivos.csv').read_text().splitlines():
        if not line or line[0] == '#' or line.startswith('resolucion'):
            continue
        a, b, c = line.split(';', 2)
        if a == 'cubre':
            covered[int(b)] = set(c.split())
            continue
        day = dt.date.fromisoformat(a)
        for code in covered[day.year] if b == '*' else b.split():
            days.setdefault((code, day.year), set()).add(day)
    for year, codes in covered.items():
        for code in codes:
            days.setdefault((code, year), set())
    return days


SHIPPED = shipped()


class Place:
    def __init__(self, said):
        self.code = said.get('comunidad', '')
        self.years = {one['ejercicio']: one for one in said.get('calendarios', [])}
        if 'locales' in said:
            for text in said['locales']:
                day = dt.date.fromisoformat(text)
                self.years.setdefault(day.year, {'locales': []})['locales'].append({'fecha': text})

    def working(self, day):
        """True, False, or None where nobody can say."""
        if day.weekday() >= 5:
            return False
        national = {(1, 1), (5, 1), (8, 15), (10, 12), (11, 1), (12, 6), (12, 8), (12, 25)}
        if (day.month, day.day) in national or day == easter(day.year) - 2 * ONE:
            return False
        own = self.years.get(day.year, {})
        if any(day.isoformat() == one['fecha'] for name in ('locales', 'insulares', 'autonomicos') for one in own.get(name, [])):
            return False
        if 'autonomicos' not in own and day in SHIPPED.get((self.code, day.year), ()):
            return False
        known = 'locales' in own and ('autonomicos' in own or (self.code, day.year) in SHIPPED)
        return True if known else None


def both(places):
    def working(day):
        said = [place.working(day) for place in places]
        if False in said:
            return False
        if None in said:
            raise No('no_consta')
        return True
    return working


def month_later(day, n):
    index = day.year * 12 + day.month - 1 + n
    year, month = divmod(index, 12)
    for ordinal in range(day.day, 0, -1):
        try:
            return dt.date(year, month + 1, ordinal)
        except ValueError:
            continue


def forward(day, n, working):
    while n:
        day += ONE
        n -= working(day)
    return day


def parse_term(text):
    n, unit = text.split(' ', 1)
    return int(n), unit


def hours(start, n, working, zone):
    """Minute by minute, as the law says; in UTC, for clocks that change."""
    utc = dt.timezone.utc
    now, left = start.astimezone(utc), n * 60
    cache = {}
    while left:
        day = now.astimezone(zone).date()
        if day not in cache:
            cache[day] = working(day)
        left -= cache[day]
        now += dt.timedelta(minutes=1)
    local = now.astimezone(zone)
    before = (now - dt.timedelta(minutes=1)).astimezone(zone)
    if local.date() != before.date():
        return f'{before.date()} 24:00'
    return f'{local.date()} {local:%H:%M}'


class Term:
    def __init__(self, start, n, unit, working):
        self.start, self.n, self.unit, self.working = start, n, unit, working
        self.sum = {'habiles': 0, 'naturales': 0, 'meses': 0}
        self.more(n, unit)
        self.used = {'32': [], '23': []}
        self.suspended = set()

    def more(self, n, unit):
        self.sum['meses' if unit == 'años' else unit] += n * 12 if unit == 'años' else n

    def last(self):
        return forward(month_later(self.start, self.sum['meses']) + self.sum['naturales'] * ONE, self.sum['habiles'], self.working)

    def end(self):
        day = self.last()
        while not self.working(day):
            day += ONE
        return day

    def suspend(self, one):
        begin = dt.date.fromisoformat(one['desde'])
        finish = dt.date.fromisoformat(one['hasta']) if one.get('hasta') else None
        if begin < self.start or (finish and finish < begin):
            raise No('orden')
        if begin > self.end():
            raise No('vencido')
        if one.get('causa') == '22.1.d':
            finish = min(finish or dt.date.max, month_later(begin, 3))
        if not finish:
            raise No('suspendido')
        fresh = set()
        day = begin + ONE
        while day <= finish:
            if day not in self.suspended:
                fresh.add(day)
            day += ONE
        self.suspended |= fresh
        if self.unit == 'habiles':
            self.sum['habiles'] += sum(self.working(day) for day in fresh)
        else:
            self.sum['naturales'] += len(fresh)

    def extend(self, one):
        n, unit, article = one['cantidad'], one['unidad'], one.get('articulo', '32')
        months = self.unit in ('meses', 'años')
        if unit == 'horas' or (not months and unit != self.unit):
            raise No('unidad')
        agreed = dt.date.fromisoformat(one['acordada'])
        if agreed < self.start:
            raise No('orden')
        if agreed > self.end():
            raise No('vencido')
        self.used[article].append((n, unit))
        share = 0.0
        for n_used, unit_used in self.used[article]:
            share += n_used / self.whole(unit_used)
        if share > (0.5 if article == '32' else 1) + 1e-9:
            raise No('excede')
        self.more(n, unit)

    def whole(self, unit):
        """The term as it was stated, in that unit."""
        if self.unit == unit:
            return self.n
        if self.unit not in ('meses', 'años'):
            return self.n
        months = self.n * (12 if self.unit == 'años' else 1)
        if unit in ('meses', 'años'):
            return months / (12 if unit == 'años' else 1)
        last = month_later(self.start, months)
        if unit == 'naturales':
            return (last - self.start).days
        return sum(self.working(self.start + k * ONE) for k in range(1, (last - self.start).days + 1))


def count(case):
    zone = zoneinfo.ZoneInfo(case.get('zona', 'Europe/Madrid'))
    seat = Place(case['sede'])
    if 'presentacion' in case:
        moment = dt.datetime.fromisoformat(case['presentacion']).replace(tzinfo=zone)
        working = both([seat])
        if not working(moment.date()):
            moment = dt.datetime.combine(forward(moment.date(), 1, working), dt.time(), zone)
        return moment.isoformat().replace('+00:00', 'Z')
    asked = case['peticion']
    start = dt.date.fromisoformat(asked['desde'])
    clock = dt.time.fromisoformat(asked.get('hora', '00:00'))
    n, unit = parse_term(asked['plazo'])
    if unit == 'horas' and n > 24:
        raise No('mas_de_24_horas')
    if asked.get('origen') == 'registro':
        alone = both([seat])
        if not alone(start):
            first = forward(start, 1, alone)
            if unit in ('habiles', 'horas'):
                start, clock = first, dt.time()
    if asked.get('urgencia') and asked.get('objeto', 'tramite') == 'tramite':
        if unit == 'años':
            n, unit = n * 12, 'meses'
        if unit == 'meses' and n % 2:
            raise No('mitad_sin_regla')
        n = (n + 1) // 2
    working = both([seat] + ([Place(case['residencia'])] if case.get('residencia') else []))
    if unit == 'horas':
        if asked.get('suspensiones') or asked.get('ampliaciones'):
            raise No('unidad')
        said = hours(dt.datetime.combine(start, clock, zone), n, working, zone)
        day, tail = dt.date.fromisoformat(said[:10]), said[10:]
    else:
        term = Term(start, n, unit, working)
        events = [(one['desde'], 1, k, term.suspend, one) for k, one in enumerate(asked.get('suspensiones', []))]
        events += [(one['acordada'], 2, k, term.extend, one) for k, one in enumerate(asked.get('ampliaciones', []))]
        for *_, act, one in sorted(events, key=lambda event: event[:3]):
            act(one)
        day, tail = term.end(), ''
    for one in case.get('prorrogas', []):
        if dt.date.fromisoformat(one['desde']) <= day <= dt.date.fromisoformat(one['hasta']) and dt.date.fromisoformat(one['nuevo']) > day:
            day = dt.date.fromisoformat(one['nuevo'])
            while not working(day):
                day += ONE
            tail = ' 24:00' if tail else ''
    return f'{day}{tail}'


def answer(case):
    try:
        return count(case)
    except No as reason:
        return f'!{reason}'


def table_cases():
    """The lawyers' tables: [(where, case, expected)]."""
    madrid = {'comunidad': 'MD', 'calendarios': [
        {'ejercicio': 2024, 'autonomicos': [{'fecha': f'2024-{day}'} for day in ('01-06', '03-28', '05-02', '07-25')], 'locales': [{'fecha': '2024-05-15'}, {'fecha': '2024-11-09'}]},
        {'ejercicio': 2025, 'locales': [{'fecha': '2025-05-15'}, {'fecha': '2025-11-10'}]},
        {'ejercicio': 2026, 'locales': [{'fecha': '2026-05-15'}, {'fecha': '2026-11-09'}]}]}
    for path in sorted((HERE / 'casos').glob('*.csv')):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            _, start, term, options, expected, _ = line.split(';', 5)
            asked, case = {'desde': start, 'plazo': term}, {'sede': madrid}
            for option in options.split():
                name, _, value = option.partition('=')
                if name == 'urgencia':
                    asked['urgencia'] = True
                elif name == 'suspension':
                    span, _, cause = value.partition('@')
                    begin, finish = span.split('..')
                    asked.setdefault('suspensiones', []).append({'desde': begin, 'hasta': finish, 'causa': cause})
                elif name.startswith('ampliacion'):
                    amount, _, agreed = value.partition('@')
                    n, unit = amount.split('_')
                    asked.setdefault('ampliaciones', []).append({'cantidad': int(n), 'unidad': unit, 'acordada': agreed, 'articulo': name[10:] or '32'})
                elif name == 'residencia':
                    code, _, days = value.partition(':')
                    case['residencia'] = {'comunidad': code, 'locales': days.split(',')}
                elif name == 'prorroga':
                    span, _, new = value.partition('>')
                    begin, finish = span.split('..')
                    case.setdefault('prorrogas', []).append({'desde': begin, 'hasta': finish, 'nuevo': new})
                else:
                    asked[name] = value
            yield f'{path.name}:{number}', dict(case, peticion=asked), expected


def random_case(rng):
    def a_day(first=dt.date(2024, 1, 1), last=dt.date(2027, 12, 31)):
        return first + rng.randrange((last - first).days + 1) * ONE

    def calendars(code):
        years = []
        for year in range(2023, 2032):
            if rng.random() < .01:
                continue
            one = {'ejercicio': year}
            if rng.random() < .99:
                one['locales'] = [{'fecha': day.isoformat()} for day in {a_day(dt.date(year, 1, 1), dt.date(year, 12, 31)) for _ in range(rng.randrange(3))}]
            if not code or rng.random() < .8:
                taken = {day['fecha'] for day in one.get('locales', [])}
                days = {a_day(dt.date(year, 1, 1), dt.date(year, 12, 31)).isoformat() for _ in range(rng.randrange(6))} - taken
                one['autonomicos'] = [{'fecha': day} for day in days]
            years.append(one)
        return {'comunidad': code, 'calendarios': years}

    codes = ['', '', 'MD', 'AN', 'GA', 'CT', 'CN', 'NC']
    case = {'sede': calendars(rng.choice(codes)), 'zona': rng.choice(['Europe/Madrid', 'Atlantic/Canary', 'Africa/Ceuta', 'UTC', 'Asia/Amman', 'America/Havana'])}
    if rng.random() < .3:
        case['residencia'] = calendars(rng.choice(codes))
    if rng.random() < .1:
        case['presentacion'] = f'{a_day()} {rng.randrange(24):02}:{rng.randrange(60):02}'
        return case
    unit = rng.choice(['habiles', 'habiles', 'habiles', 'naturales', 'meses', 'meses', 'años', 'horas'])
    n = {'habiles': rng.randint(1, 60), 'naturales': rng.randint(1, 90), 'meses': rng.randint(1, 14), 'años': rng.randint(1, 3), 'horas': rng.randint(1, 26)}[unit]
    start = rng.choice([a_day(), a_day(), dt.date(rng.randint(2024, 2026), rng.choice([1, 3, 5, 7, 8, 10, 12]), 31), dt.date(2024, 2, 29)])
    asked = {'desde': start.isoformat(), 'plazo': f'{n} {unit}', 'hora': f'{rng.randrange(24):02}:{rng.randrange(60):02}'}
    if rng.random() < .25:
        asked['origen'] = rng.choice(['notificacion', 'publicacion', 'silencio', 'registro'])
    if rng.random() < .15:
        asked['urgencia'] = True
        asked['objeto'] = rng.choice(['tramite', 'tramite', 'recurso', 'solicitud'])
    if rng.random() < .25:
        asked['suspensiones'] = []
        for _ in range(rng.randint(1, 3)):
            begin = start + rng.randint(0, 40) * ONE
            one = {'desde': begin.isoformat(), 'causa': rng.choice(['22.1.a', '22.1.d', '22.2.b'])}
            if rng.random() < .95:
                one['hasta'] = (begin + rng.randint(-1, 130) * ONE).isoformat()
            asked['suspensiones'].append(one)
    if rng.random() < .25:
        asked['ampliaciones'] = [{'cantidad': rng.randint(1, max(2, n * 3 // 5)), 'unidad': rng.choice([unit, unit, unit, 'habiles', 'naturales']), 'acordada': (start + rng.randint(0, 60) * ONE).isoformat(),
                                  'articulo': rng.choice(['32', '32', '23'])} for _ in range(rng.randint(1, 2))]
    if rng.random() < .2:
        begin = start + rng.randint(0, 90) * ONE
        case['prorrogas'] = [{'desde': begin.isoformat(), 'hasta': (begin + 10 * ONE).isoformat(), 'nuevo': (begin + rng.randint(5, 20) * ONE).isoformat()}]
    case['peticion'] = asked
    return case


def main(program, cases=10_000, seed=39_2015):
    rng = random.Random(int(seed))
    listed = list(table_cases())
    drawn = [random_case(rng) for _ in range(int(cases))]
    every = [case for _, case, _ in listed] + drawn
    run = subprocess.run([program], input=''.join(json.dumps(case) + '\n' for case in every), capture_output=True, text=True, check=True)
    said = run.stdout.splitlines()
    if len(said) != len(every):
        sys.exit(f'{len(said)} answers to {len(every)} cases\n{run.stderr}')
    wrong = 0
    for (where, case, expected), theirs in zip(listed, said):
        ours = answer(case)
        if ours != expected or theirs != expected:
            wrong += 1
            print(f'{where}: the table says {expected}, this program {ours}, the plugin {theirs}')
    kinds = {}
    for case, theirs in zip(drawn, said[len(listed):]):
        ours = answer(case)
        kind = ours if ours[0] == '!' else 'a date'
        kinds[kind] = kinds.get(kind, 0) + 1
        if ours != theirs:
            wrong += 1
            if wrong < 10:
                print(f'{json.dumps(case)}\n  this program {ours}, the plugin {theirs}')
    print(f'{len(listed)} cases of the tables, {len(drawn)} at random (seed {seed}): {wrong} differences; {kinds}')
    sys.exit(wrong > 0)


if __name__ == '__main__':
    main(*sys.argv[1:])
