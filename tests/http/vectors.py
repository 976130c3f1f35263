"""Request vectors against the front, and the same against nginx in the same run.

usage: vectors.py HTTP_FIXTURE   Exit 0: every vector as expected on the front, and every difference of nginx is
argued in README.md. Format of the files: see the head of vectors.txt.
"""
import concurrent.futures
import os
import re
import shutil
import sys
import time

from client import connect, fixture, nginx, receive, scratch

HERE = os.path.dirname(os.path.abspath(__file__))
OK, POST = b"/ok", b"/echo"


def segments(text):
    """The payload's bytes, cut where the vector says so."""
    out, now, i, b = [], bytearray(), 0, text.encode("latin1")
    simple = {b"r": 13, b"n": 10, b"t": 9, b"\\": 92}
    while i < len(b):
        c = b[i:i + 1]
        if c != b"\\":
            now += c
            i += 1
            continue
        kind = b[i + 1:i + 2]
        i += 2
        if kind in simple:
            now.append(simple[kind])
        elif kind == b"x":
            now.append(int(b[i:i + 2], 16))
            i += 2
        elif kind == b"|":
            out.append(bytes(now))
            now = bytearray()
        elif kind == b"R":
            m = re.match(rb"\{(\d+),([^}]*)\}", b[i:])
            now += (b"X: y\r\n" if m[2] == b"!" else m[2]) * int(m[1])
            i += len(m[0])
    out.append(bytes(now))
    return [x.replace(b"{OK}", OK).replace(b"{POST}", POST) for x in out]


def statuses(data, first_is_head=False):
    """Final status codes in `data`; GARBAGE or TRUNCATED where it is not a whole answer."""
    out = []
    while data:
        m = re.match(rb"HTTP/1\.[01] (\d\d\d)[ \r]", data)
        end = data.find(b"\r\n\r\n")
        if not m or end < 0:
            return out + ["TRUNCATED" if m else "GARBAGE"]
        head, data, code = data[:end].lower(), data[end + 4:], int(m[1])
        if 100 <= code < 200:
            continue
        out.append(str(code))
        if first_is_head or code in (204, 304):
            first_is_head = False
            continue
        length = re.search(rb"content-length: *(\d+)", head)
        if length:
            if len(data) < int(length[1]):
                return out + ["TRUNCATED"]
            data = data[int(length[1]):]
        elif b"transfer-encoding: chunked" in head:
            data = data.partition(b"0\r\n\r\n")[2]
        else:
            data = b""
    return out


def fits(expected, got):
    wanted = [] if expected == "-" else expected.split(",")
    if len(wanted) != len(got):
        return False
    return all(any(a == g or (a.endswith("xx") and g[0] == a[0]) for a in w.split("/")) for w, g in zip(wanted, got))


def run(port, vector):
    """-> what was seen, or None when it is as expected."""
    _, expected, after, payload, _ = vector
    with connect(port) as s:
        try:
            for k, piece in enumerate(segments(payload)):
                if k:
                    time.sleep(0.06)
                s.sendall(piece)
        except OSError:
            pass
        data, state = receive(s, 0.6)
        if after == "close" and state == "open":
            more, state = receive(s, 3.6)
            data += more
        got = statuses(data, payload.startswith("HEAD"))
        seen = f"{','.join(got) or '-'} {state}"
        good = fits(expected, got) and not (after == "close" and state != "closed")
        if good and after == "open":
            try:
                s.sendall(b"GET " + OK + b" HTTP/1.1\r\nHost: a\r\n\r\n")
                again = statuses(receive(s, 0.6)[0])
            except OSError as error:
                again = [str(error)]
            if again != ["200"]:
                good, seen = False, f"{seen}, then {again}"
    try:
        with connect(port, 3) as s:
            s.sendall(b"GET " + OK + b" HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            if statuses(receive(s, 1.5)[0]) != ["200"]:
                return seen + ", and then the server did not answer"
    except OSError as error:
        return f"{seen}, and then {error}"
    return None if good else seen


def load(path):
    with open(path, encoding="latin1") as f:
        return [line.rstrip("\n").split("\t") for line in f if line.strip() and not line.startswith("#")]


def run_all(port, vectors):
    with concurrent.futures.ThreadPoolExecutor(12) as pool:
        return list(pool.map(lambda v: run(port, v), vectors))


def argued():
    """Ids of the vectors whose difference in nginx README.md explains."""
    with open(os.path.join(HERE, "README.md"), encoding="utf-8") as f:
        return set(re.findall(r"^\| `([a-z0-9-]+)` \|", f.read(), re.M))


def main():
    conformance = os.environ.get("CONCEJO_CONFORMANCE", "")
    given = os.path.join(conformance, "..", "prototypes", "http", "vectors-half.txt")
    vectors = load(os.path.join(HERE, "vectors.txt"))
    print(f"own vectors: {len(vectors)}")
    if conformance and os.path.exists(given):
        handed = load(given)
        print(f"given vectors: {len(handed)}")
        vectors += handed
    else:
        print("SKIPPED: the given vectors (vectors-half.txt is not beside CONCEJO_CONFORMANCE)")
    names = [v[0] for v in vectors]
    assert len(names) == len(set(names)), "two vectors of one name"

    failed = 0
    with fixture(sys.argv[1]) as server:
        for vector, seen in zip(vectors, run_all(server.port, vectors)):
            if seen is not None:
                failed += 1
                print(f"FAIL {vector[0]}: expected {vector[1]} {vector[2]}, got {seen}   [{vector[4]}]")
        if not server.alive():
            print("FAIL the server died")
            failed += 1
    print(f"front: {len(vectors) - failed} of {len(vectors)}")

    folder = scratch()
    try:
        peer = nginx(folder, {"ok": b"Hello, World!\n"})
        if not peer:
            print("SKIPPED: the same vectors against nginx (it is not installed)")
            return failed
        with peer:
            results = run_all(peer.port, vectors)
        differences = {v[0]: seen for v, seen in zip(vectors, results) if seen is not None}
        print(f"nginx: {len(vectors) - len(differences)} of {len(vectors)}")
        for vector in vectors:
            if vector[0] in differences:
                known = "argued" if vector[0] in argued() else "NOT ARGUED in README.md"
                print(f"  {vector[0]}: expected {vector[1]} {vector[2]}, nginx {differences[vector[0]]} ({known})")
        failed += sum(name not in argued() for name in differences)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return failed


if __name__ == "__main__":
    sys.exit(1 if main() else 0)
