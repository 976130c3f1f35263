"""Every limit of time and number, reached."""
import json
import time

from client import ask, connect, fixture, receive, split
from suite import BINARY, cpu, eventually, read_answer, test


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
        if server.sanitized:
            return "SKIPPED: UBSan itself needs descriptors to check a pointer"
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


@test
def idle_connections_are_cheap(folder):
    """Resident memory per idle keep-alive connection (what http.md asks: at most 8 KiB)."""
    with fixture(BINARY, "idle_time=60000") as server:
        if server.sanitized:
            return "SKIPPED: memory of a sanitized build"
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
