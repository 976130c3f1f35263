#!/usr/bin/env python3
"""A server that speaks no TLS later than 1.1, as far as this machine's OpenSSL can be brought to it.

    old_tls.py CERT KEY     prints its port
"""
import socket
import ssl
import sys
import threading

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
context.set_ciphers("ALL:@SECLEVEL=0")
context.minimum_version = ssl.TLSVersion.TLSv1
context.maximum_version = ssl.TLSVersion.TLSv1_1
listening = socket.create_server(("127.0.0.1", 0))


def serve():
    while True:
        connection, _ = listening.accept()
        try:
            context.wrap_socket(connection, server_side=True).sendall(b"HTTP/1.0 200 OK\r\n\r\nold")
        except (ssl.SSLError, OSError):
            connection.close()


threading.Thread(target=serve, daemon=True).start()
print(listening.getsockname()[1], flush=True)
sys.stdin.read()
