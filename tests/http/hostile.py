"""Clients that abort, stall, cut and crowd, beside ordinary ones.

usage: hostile.py HTTP_FIXTURE [test …]   Prints one line per test; exit 1 when one fails. CONCEJO_FULL=1: longer.
"""
import hashlib
import json
import os
import random
import re
import shutil
import socket
import struct
import subprocess
import sys
import threading
import time
import warnings

from client import ask, connect, fixture, receive, scratch, split

warnings.simplefilter("ignore", DeprecationWarning)
BINARY = sys.argv[1]
FULL = os.environ.get("CONCEJO_FULL") == "1"
TESTS = []


def test(f):
    TESTS.append(f)
    return f


def reset(s):
    s.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    s.close()


def eventually(check, seconds=10):
    end = time.time() + seconds
    while time.time() < end:
        if check():
            return True
        time.sleep(0.05)
    return False


def read_answer(s, buffer=b""):
    """One answer with Content-Length from a connection. -> (status, head, body, rest)"""
    while b"\r\n\r\n" not in buffer:
        piece = s.recv(65536)
        if not piece:
            raise OSError("closed")
        buffer += piece
    head, _, rest = buffer.partition(b"\r\n\r\n")
    length = int(re.search(rb"Content-Length: (\d+)", head)[1])
    while len(rest) < length:
        piece = s.recv(65536)
        if not piece:
            raise OSError("closed")
        rest += piece
    return int(head[9:12]), head.decode("latin1"), rest[:length], rest[length:]


@test
def answers_never_reach_another(folder):
    """Aborting clients ask with secrets; ordinary ones must only ever see their own id."""
    wanted = 200_000 if FULL else 10_000
    counts = {"aborted": 0, "ok": 0, "wrong": 0, "unsolicited": 0, "failed": 0}
    lock, stop = threading.Lock(), threading.Event()

    def note(what, n=1):
        with lock:
            counts[what] += n

    def aborter(seed, port):
        choice = random.Random(seed)
        k = 0
        while not stop.is_set():
            try:
                s = connect(port)
                k += 1
                s.sendall(f"GET /id?id=SECRET{seed}x{k} HTTP/1.1\r\nHost: a\r\n\r\n".encode()[:choice.choice((None, 30))])
                if choice.random() < 0.3:
                    time.sleep(0.0005)
                reset(s) if choice.random() < 0.5 else s.close()
                note("aborted")
            except OSError:
                pass

    def ordinary(seed, port):
        k = 0
        while not stop.is_set():
            s = connect(port)
            if k % 5 == 0:
                s.settimeout(0.002)
                try:
                    if s.recv(100):
                        note("unsolicited")
                except (socket.timeout, OSError):
                    pass
                s.settimeout(5)
            try:
                for _ in range(1 + seed % 3):
                    k += 1
                    mine = f"me{seed}y{k}"
                    s.sendall(f"GET /id?id={mine} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
                    status, _, body, rest = read_answer(s)
                    note("ok" if status == 200 and body == f"id={mine}\n".encode() and not rest else "wrong")
            except OSError:
                note("failed")
            s.close()

    with fixture(BINARY) as server:
        before = server.descriptors()
        threads = [threading.Thread(target=aborter, args=(i, server.port)) for i in range(6)]
        threads += [threading.Thread(target=ordinary, args=(i, server.port)) for i in range(6)]
        for t in threads:
            t.start()
        eventually(lambda: counts["ok"] + counts["aborted"] >= wanted and counts["ok"] > wanted // 4, 600 if FULL else 60)
        stop.set()
        for t in threads:
            t.join()
        assert eventually(lambda: server.descriptors() <= before), (before, server.descriptors())
    assert counts["wrong"] == counts["unsolicited"] == counts["failed"] == 0, counts
    assert counts["ok"] + counts["aborted"] >= wanted, counts
    return counts


@test
def aborted_downloads_leak_nothing(folder):
    """1,000 downloads of a big file cut in the middle: the process lives and its descriptors are as before."""
    with fixture(BINARY, f"file={folder}/big") as server:
        ask(server.port, "/ok")
        before, memory = server.descriptors(), server.rss()
        for i in range(1000):
            s = connect(server.port)
            s.sendall(b"GET /file HTTP/1.1\r\nHost: a\r\n\r\n")
            s.recv(1 + i % 50_000)
            reset(s) if i % 2 else s.close()
        assert eventually(lambda: server.descriptors() == before), (before, server.descriptors())
        assert ask(server.port, "/ok")[0] == 200
        return {"descriptors": before, "rss_growth": server.rss() - memory}


@test
def big_files_need_no_memory(folder):
    """1 GiB (sparse) through one connection: bytes right, memory still; a range of its middle is exact."""
    size = 1 << 30
    with open(f"{folder}/giant", "wb") as f:
        f.truncate(size)
        f.seek(size // 2)
        f.write(b"middle")
    with fixture(BINARY, f"file={folder}/giant") as server:
        ask(server.port, "/ok")
        memory, got = server.rss(), 0
        with connect(server.port) as s:
            s.sendall(b"GET /file HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            piece = bytearray(1 << 20)
            while n := s.recv_into(piece):
                got += n
        grown = server.rss() - memory
        status, head, body = ask(server.port, "/file", extra=f"Range: bytes={size // 2}-{size // 2 + 5}\r\n")
        assert (status, body) == (206, b"middle"), (status, body)
        assert got > size and grown < 4 << 20, (got, grown)
        return {"bytes": got, "rss_growth": grown}


@test
def slow_readers_do_not_slow_the_others(folder):
    """500 clients that ask for a big file and do not read; the others' 99th percentile beside them and without."""
    with fixture(BINARY, f"file={folder}/big", "write_time=60000") as server:
        def p99():
            times = []
            with connect(server.port) as s:
                for _ in range(400):
                    t = time.perf_counter()
                    s.sendall(b"GET /pool HTTP/1.1\r\nHost: a\r\n\r\n")
                    read_answer(s)
                    times.append(time.perf_counter() - t)
            return sorted(times)[int(len(times) * 0.99)] * 1000
        alone = p99()
        slow = []
        for _ in range(500):
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            s.connect(("127.0.0.1", server.port))
            s.sendall(b"GET /file HTTP/1.1\r\nHost: a\r\n\r\n")
            slow.append(s)
        crowded = p99()
        for s in slow:
            reset(s)
        return {"p99_ms_alone": round(alone, 2), "p99_ms_beside_500": round(crowded, 2)}


@test
def a_reader_without_progress_is_cut(folder):
    with fixture(BINARY, f"file={folder}/big", "write_time=500") as server:
        before = server.descriptors()
        sockets = []
        for path in ("/file", "/size/8000000", "/stream/9000"):
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            s.connect(("127.0.0.1", server.port))
            s.sendall(f"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            sockets.append(s)
        time.sleep(0.3)
        assert server.descriptors() > before
        assert eventually(lambda: server.descriptors() == before, 8), server.descriptors()
        for s in sockets:
            s.close()


@test
def waiting_bytes_are_capped(folder):
    """Answers held in memory for slow readers: beyond the cap connections are cut, and memory does not follow."""
    with fixture(BINARY, "waiting_bytes=20000000", "write_time=30000") as server:
        ask(server.port, "/ok")
        sockets = []
        for _ in range(40):
            s = socket.socket()
            s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            s.connect(("127.0.0.1", server.port))
            s.sendall(b"GET /size/8000000 HTTP/1.1\r\nHost: a\r\n\r\n")
            sockets.append(s)
        time.sleep(1.5)
        stats = json.loads(ask(server.port, "/stats")[2])
        for s in sockets:
            reset(s)
        assert 0 < stats["waiting"] <= 20_000_000, stats
        assert stats["connections"] <= 4, stats
        assert eventually(lambda: json.loads(ask(server.port, "/stats")[2])["waiting"] == 0)
        return stats


@test
def slow_heads_and_bodies_get_408(folder):
    with fixture(BINARY, "head_time=600", "body_time=600", "idle_time=600", "linger_time=300") as server:
        def drip(text, pause):
            with connect(server.port) as s:
                try:
                    for c in text:
                        s.sendall(c.encode())
                        time.sleep(pause)
                except OSError:
                    pass
                return split(receive(s, 2)[0])[0]
        assert drip("GET /ok HTTP/1.1\r\nHost: a\r\nX: slowly slowly slowly\r\n", 0.05) == 408
        assert drip("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 900\r\n\r\n" + "x" * 10, 0.0) == 408
        assert drip("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab", 0.0) == 408
        with connect(server.port) as s:  # nothing sent: closed in silence
            assert receive(s, 3) == (b"", "closed")
        with connect(server.port) as s:  # idle after an answer: closed in silence
            s.sendall(b"GET /ok HTTP/1.1\r\nHost: a\r\n\r\n")
            data, state = receive(s, 3)
            assert data.count(b"HTTP/1.1") == 1 and state == "closed"
        assert drip("GET /ok HTTP/1.1\r\nHost: a\r\n\r\n", 0.005) == 200


@test
def pipelining_keeps_order(folder):
    with fixture(BINARY) as server, connect(server.port) as s:
        n = 300
        wanted = b"".join(f"GET /id?id={i} HTTP/1.1\r\nHost: a\r\n\r\n".encode() for i in range(n))
        threading.Thread(target=s.sendall, args=(wanted,)).start()
        rest = b""
        for i in range(n):
            status, _, body, rest = read_answer(s, rest)
            assert (status, body) == (200, f"id={i}\n".encode()), (i, status, body)


@test
def late_handlers_get_503_and_are_forgotten(folder):
    with fixture(BINARY, "handler_time=400", "handlers=2", f"log={folder}/late.log") as server:
        with connect(server.port) as s:
            s.sendall(b"GET /sleep/1500 HTTP/1.1\r\nHost: a\r\n\r\n")
            status, head, body, _ = read_answer(s)
            assert status == 503 and "Retry-After" in head, (status, head)
            s.sendall(b"GET /id?id=after HTTP/1.1\r\nHost: a\r\n\r\n")
            assert read_answer(s)[2] == b"id=after\n"
            time.sleep(1.6)
            assert receive(s, 0.2)[0] == b"", "the late result was sent"
        assert json.loads(ask(server.port, "/stats")[2])["late"] == 1
        with open(f"{folder}/late.log") as f:
            causes = [json.loads(line)["cause"] for line in f]
        assert "handler_timeout" in causes, causes


@test
def a_full_queue_answers_503(folder):
    with fixture(BINARY, "handlers=1", "handler_queue=2", "idle_time=1000") as server:
        sockets = [connect(server.port) for _ in range(8)]
        for s in sockets:
            s.sendall(b"GET /sleep/700 HTTP/1.1\r\nHost: a\r\n\r\n")
            time.sleep(0.02)
        statuses = sorted(read_answer(s)[0] for s in sockets)
        assert statuses == [200] * 3 + [503] * 5, statuses


@test
def handler_errors_tell_nothing(folder):
    with fixture(BINARY) as server:
        for path in ("/throw", "/inline-throw"):
            status, head, body = ask(server.port, path)
            assert status == 500 and b"secret" not in body and re.search(r"X-Request-Id: [0-9a-f]{32}\r", head + "\r"), head


@test
def rates_and_connections_per_address(folder):
    with fixture(BINARY, "limit_loopback", "address_rate=1", "address_burst=5", "address_connections=3") as server:
        with connect(server.port) as s:
            got = []
            for _ in range(7):
                s.sendall(b"GET /ok HTTP/1.1\r\nHost: a\r\n\r\n")
                status, head, _, _ = read_answer(s)
                got.append(status)
            assert got == [200] * 5 + [429] * 2 and "Retry-After" in head, got
        time.sleep(0.3)
        held = [connect(server.port) for _ in range(3)]
        time.sleep(0.1)
        with connect(server.port) as s:
            assert receive(s, 1)[0].startswith(b"HTTP/1.1 429"), "a fourth connection was served"
        for s in held:
            s.close()
        assert eventually(lambda: ask(server.port, "/ok")[0] in (200, 429))


@test
def connections_beyond_the_bound_wait(folder):
    with fixture(BINARY, "connections=4", "idle_time=2000") as server:
        held = [connect(server.port) for _ in range(4)]
        time.sleep(0.2)
        with connect(server.port) as s:
            s.sendall(b"GET /ok HTTP/1.1\r\nHost: a\r\n\r\n")
            assert receive(s, 0.4)[0] == b""
            held.pop().close()
            assert receive(s, 1.0)[0].startswith(b"HTTP/1.1 200")


@test
def no_descriptors_left_is_survived(folder):
    def few():
        import resource
        resource.setrlimit(resource.RLIMIT_NOFILE, (30, 30))
    with fixture(BINARY, preexec_fn=few) as server:
        held = []
        for _ in range(60):
            held.append(connect(server.port))
        time.sleep(0.5)
        ticks = cpu(server.pid)
        time.sleep(1)
        assert cpu(server.pid) - ticks < 0.3, "busy loop while descriptors are out"
        for s in held:
            s.close()
        assert eventually(lambda: ask(server.port, "/ok")[0] == 200)


def cpu(pid):
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@test
def drain_answers_what_is_in_flight(folder):
    """SIGTERM: nobody new is accepted, what is in flight is answered whole, then the process leaves."""
    with fixture(BINARY, f"file={folder}/big", "idle_time=1000") as server:
        busy, idle, download = connect(server.port), connect(server.port), connect(server.port)
        idle.sendall(b"GET /ok HTTP/1.1\r\nHost: a\r\n\r\n")
        read_answer(idle)
        busy.sendall(b"GET /sleep/800 HTTP/1.1\r\nHost: a\r\n\r\n")
        download.sendall(b"GET /file HTTP/1.1\r\nHost: a\r\n\r\n")
        first = download.recv(1000)
        time.sleep(0.2)
        os.kill(server.pid, 15)
        time.sleep(0.2)
        idle.sendall(b"GET /ok HTTP/1.1\r\nHost: a\r\n\r\n")  # a client that had not heard: answered, and told
        status, head, _, _ = read_answer(idle)
        assert status == 200 and "Connection: close" in head, head
        status, head, body, _ = read_answer(busy)
        assert (status, body) == (200, b"slept\n") and "Connection: close" in head
        whole = split(first + receive(download, 2)[0])
        assert len(whole[2]) == os.path.getsize(f"{folder}/big")
        for s in (busy, idle, download):
            s.close()
        assert server.p.wait(10) == 0
        return {"left": server.p.stdout.read().decode().strip()}


@test
def uploads_stream_to_disk(folder):
    spool = f"{folder}/spool"
    os.makedirs(spool)
    content = random.Random(1).randbytes(5_000_000)
    body = (b'--B\r\nContent-Disposition: form-data; name="titulo"\r\n\r\nEdicto de obras\r\n'
            b'--B\r\nContent-Disposition: form-data; name="pdf"; filename="acta.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
            + content + b"\r\n--B--\r\n")
    with fixture(BINARY, f"spool={spool}") as server:
        status, _, answer = ask(server.port, "/upload", "POST", "Content-Type: multipart/form-data; boundary=B\r\n", body)
        text = answer.decode()
        assert status == 200 and "field titulo=Edicto de obras" in text, (status, text)
        assert f"acta.pdf application/pdf 5000000 {hashlib.sha256(content).hexdigest()}" in text, text
        status, _, answer = ask(server.port, "/upload", "POST", "Content-Type: application/pdf\r\n", content)
        assert hashlib.sha256(content).hexdigest() in answer.decode(), answer
        with connect(server.port) as s:  # gone in the middle
            s.sendall(b"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: application/pdf\r\nContent-Length: 9000000\r\n\r\n" + content)
        assert eventually(lambda: not os.listdir(spool)), os.listdir(spool)
        with connect(server.port) as s:
            s.sendall(b"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 99000000\r\n\r\n" + content[:300_000])
            assert split(receive(s, 2)[0])[0] == 413


@test
def proxies_are_believed_only_when_trusted(folder):
    said = "X-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Proto: https\r\nX-Request-Id: theirs\r\n"
    with fixture(BINARY) as server:
        peer, secure, _, rid = ask(server.port, "/peer", extra=said)[2].decode().split()
        assert (peer, secure) == ("127.0.0.1", "false") and rid != "theirs"
    with fixture(BINARY, "proxy=127.0.0.0/8") as server:
        assert ask(server.port, "/peer", extra=said)[2] == b"203.0.113.9 true a theirs\n"


@test
def streams_are_whole_or_cut(folder):
    with fixture(BINARY) as server:
        with connect(server.port) as s:
            s.sendall(b"GET /stream/50 HTTP/1.1\r\nHost: a\r\n\r\nGET /ok HTTP/1.1\r\nHost: a\r\n\r\n")
            head, _, rest = receive(s, 1)[0].partition(b"\r\n\r\n")
            assert b"Transfer-Encoding: chunked" in head
            assert rest.startswith(b"3e8\r\n" + b"s" * 1000 + b"\r\n3e8\r\n") and b"\r\n0\r\n\r\nHTTP/1.1 200" in rest
        with connect(server.port) as s:
            s.sendall(b"GET /stream/50 HTTP/1.0\r\n\r\n")
            data, state = receive(s, 3)
            assert state == "closed" and len(split(data)[2]) == 50_000 and b"chunked" not in data


@test
def idle_connections_are_cheap(folder):
    """Resident memory per idle keep-alive connection (what http.md asks: at most 8 KiB)."""
    with fixture(BINARY, "idle_time=60000") as server:
        def open_some(n):
            out = []
            for _ in range(n):
                s = connect(server.port)
                s.sendall(b"GET /ok HTTP/1.1\r\nHost: a\r\n\r\n")
                read_answer(s)
                out.append(s)
            return out
        held = open_some(200)
        before = server.rss()
        held += open_some(700)
        each = (server.rss() - before) / 700
        for s in held:
            s.close()
        assert each <= 8192, each
        return {"bytes_each": round(each)}


@test
def tls_serves_and_a_silent_client_blocks_nobody(folder):
    openssl = shutil.which("openssl")
    if not openssl:
        return "SKIPPED: the openssl program is not installed"
    import ssl
    key, cert = f"{folder}/key.pem", f"{folder}/cert.pem"
    subprocess.run([openssl, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                    "-keyout", key, "-out", cert, "-days", "2", "-subj", "/CN=localhost"], check=True, capture_output=True)
    with fixture(BINARY, f"certificate={cert}", f"key={key}", "handshake_time=800", f"file={folder}/big") as server:
        silent = [connect(server.port) for _ in range(20)]
        context = ssl.create_default_context(cafile=cert)
        t = time.time()
        with context.wrap_socket(connect(server.port), server_hostname="localhost") as s:
            version = s.version()
            s.sendall(b"GET /peer HTTP/1.1\r\nHost: a\r\n\r\n")
            assert b" true " in read_answer(s)[2]
            s.sendall(b"GET /file HTTP/1.1\r\nHost: a\r\n\r\n")
            assert len(read_answer(s)[2]) == os.path.getsize(f"{folder}/big")
            s.sendall(b"GET /pool HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            assert read_answer(s)[2] == b"Hello, World!\n"
        assert time.time() - t < 2
        old = ssl.create_default_context(cafile=cert)
        old.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        old.maximum_version = ssl.TLSVersion.TLSv1_1
        try:
            old.wrap_socket(connect(server.port), server_hostname="localhost").close()
            raise AssertionError("TLS 1.1 was accepted")
        except (ssl.SSLError, OSError):
            pass
        before = server.descriptors()
        assert eventually(lambda: server.descriptors() <= before - 20, 6), "silent clients are still there"
        for s in silent:
            s.close()
        return {"version": version}


def main():
    folder = scratch()
    with open(f"{folder}/big", "wb") as f:
        f.write(random.Random(2).randbytes(8 << 20))
    wanted, failed = set(sys.argv[2:]), 0
    try:
        for f in TESTS:
            if wanted and f.__name__ not in wanted:
                continue
            begun = time.time()
            try:
                said = f(folder)
                print(f"ok   {f.__name__} ({time.time() - begun:.1f} s) {said or ''}", flush=True)
            except Exception as error:  # a test's failure is a line, not the end of the others
                failed += 1
                print(f"FAIL {f.__name__}: {type(error).__name__} {error}", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
