"""Clients that abort and readers that stall: nothing crosses, nothing leaks, nobody else waits."""
import json
import random
import socket
import threading
import time

from client import ask, connect, fixture
from suite import BINARY, FULL, eventually, read_answer, reset, test


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
        time.sleep(0.5)  # until that connection is closed on the server's side too
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
        assert got > size and (grown < 4 << 20 or server.sanitized), (got, grown)
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
