"""OpenStack Swift with its S3 interface, whole, in one process and in memory: a third party that verifies signatures.

    swift_server.py FOLDER PORT BUCKET

Its key is «test:tester», its secret «testing». Needs Debian's swift-proxy, swift-account, swift-container and
swift-object. Says "ready" once it answers.
"""
import eventlet

eventlet.monkey_patch()

import os
import sys

from eventlet import wsgi
from swift.common import storage_policy, utils
from swift.common.ring import RingBuilder
from swift.common.swob import Request

folder, port, bucket = sys.argv[1], int(sys.argv[2]), sys.argv[3]

PROXY = """
[DEFAULT]
swift_dir = {folder}
[pipeline:main]
pipeline = catch_errors s3api tempauth slo dlo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:s3api]
use = egg:swift#s3api
location = us-east-1
[filter:tempauth]
use = egg:swift#tempauth
user_test_tester = testing .admin
[filter:slo]
use = egg:swift#slo
[filter:dlo]
use = egg:swift#dlo
"""
STORE = """
[DEFAULT]
swift_dir = {folder}
devices = {folder}/devices
mount_check = false
[pipeline:main]
pipeline = server
[app:server]
use = egg:swift#{kind}
"""


def write(name, text):
    path = os.path.join(folder, name)
    with open(path, "w") as file:
        file.write(text)
    return path


def serve(kind):
    """One of the three servers behind the proxy, with its ring of one device."""
    listener = eventlet.listen(("127.0.0.1", 0))
    ring = RingBuilder(1, 1, 0)
    ring.add_dev({"id": 0, "region": 1, "zone": 1, "weight": 1, "ip": "127.0.0.1", "port": listener.getsockname()[1], "device": "d"})
    ring.rebalance()
    ring.get_ring().save(os.path.join(folder, kind + ".ring.gz"))
    conf = write(kind + ".conf", STORE.format(folder=folder, kind="mem_object" if kind == "object" else kind))
    eventlet.spawn(wsgi.server, listener, loadapp(conf), quiet, log_output=False)


class Forgetful:
    """Stands for memcached, which the proxy insists on."""

    def get(self, *_, **__):
        return None

    set = delete = get

    def incr(self, _, delta=1, **__):
        return delta


def with_cache(environ, start_response):
    environ["swift.cache"] = Forgetful()
    return app(environ, start_response)


quiet = utils.NullLogger()
os.makedirs(os.path.join(folder, "devices/d"), exist_ok=True)
utils.SWIFT_CONF_FILE = write("swift.conf", "[swift-hash]\nswift_hash_path_prefix = a\nswift_hash_path_suffix = b\n[storage-policy:0]\nname = only\ndefault = yes\n")
utils.HASH_PATH_PREFIX, utils.HASH_PATH_SUFFIX = b"a", b"b"
storage_policy.reload_storage_policies()

from swift.common.wsgi import loadapp  # it reads what stands above

for each in ("account", "container", "object"):
    serve(each)
app = loadapp(write("proxy.conf", PROXY.format(folder=folder)))
proxy = loadapp(write("inside.conf", PROXY.format(folder=folder).replace("catch_errors s3api tempauth slo dlo proxy-server", "proxy-server")))
made = Request.blank("/v1/AUTH_test/" + bucket, method="PUT", environ={"swift.authorize": lambda request: None}).get_response(proxy)
if made.status_int // 100 != 2:
    sys.exit("no bucket: %s" % made.status)
public = eventlet.listen(("127.0.0.1", port))
print("ready", flush=True)
wsgi.server(public, with_cache, quiet, log_output=False)
