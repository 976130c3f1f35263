"""What ordinary clients rely on: order, drain, uploads, proxies, streams, TLS."""
import hashlib
import os
import random
import re
import shutil
import subprocess
import threading
import time

from client import ask, connect, fixture, receive, split
from suite import BINARY, eventually, read_answer, test


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
def handler_errors_tell_nothing(folder):
    with fixture(BINARY) as server:
        for path in ("/throw", "/inline-throw"):
            status, head, body = ask(server.port, path)
            assert status == 500 and b"secret" not in body and re.search(r"X-Request-Id: [0-9a-f]{32}\r", head + "\r"), head


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
