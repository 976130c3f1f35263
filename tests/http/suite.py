"""What the cases share: the list of tests, the program under test, small helpers."""
import os
import re
import socket
import struct
import sys
import time

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


def cpu(pid):
    with open(f"/proc/{pid}/stat") as f:
        fields = f.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
