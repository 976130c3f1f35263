// For tests: a root, a timestamping authority and a person's certificate, made by openssl in a folder.
#pragma once

#include "tests/support/shell.hpp"

namespace evidence::testing {

class Pki {
public:
    Pki() {
        folder_.write("make.sh", R"SH(set -e
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout raiz.key -out raiz.pem -days 30 \
  -subj "/CN=Raiz de pruebas" -addext basicConstraints=critical,CA:TRUE 2>/dev/null
emite() { # NOMBRE EXTENSIONES
  openssl req -new -newkey rsa:2048 -nodes -keyout "$1.key" -subj "/CN=$1" -out "$1.csr" 2>/dev/null
  printf "$2" > "$1.ext"
  openssl x509 -req -in "$1.csr" -CA raiz.pem -CAkey raiz.key -CAcreateserial -days 20 -extfile "$1.ext" -out "$1.pem" 2>/dev/null
}
emite tsa 'extendedKeyUsage=critical,timeStamping\nkeyUsage=critical,digitalSignature\n'
emite secretaria 'keyUsage=critical,digitalSignature,nonRepudiation\n'
cat > tsa.cnf <<'CNF'
[tsa]
default_tsa = t
[t]
serial = tsa.serial
signer_cert = tsa.pem
signer_key = tsa.key
signer_digest = sha256
default_policy = 1.2.3.4
digests = sha256
accuracy = secs:1
ess_cert_id_alg = sha256
CNF
echo 01 > tsa.serial
)SH");
        in("sh make.sh");
    }

    std::string root() const { return folder_ / "raiz.pem"; }
    /// A TimeStampResp of RFC 3161 with the authority's certificate.
    std::string stamp(std::string_view content) const {
        folder_.write("data", content);
        in("openssl ts -query -data data -sha256 -cert -out q && openssl ts -reply -config tsa.cnf "
           "-queryfile q -out r");
        return tests::read_file(folder_ / "r");
    }
    /// CAdES, detached.
    std::string sign(std::string_view content) const {
        folder_.write("data", content);
        in("openssl cms -sign -cades -binary -in data -signer secretaria.pem -inkey secretaria.key -outform "
           "DER -out s");
        return tests::read_file(folder_ / "s");
    }

private:
    void in(const std::string& command) const {
        const auto output = tests::run("cd " + folder_.path() + " && " + command);
        if (output.code != 0) throw std::runtime_error(output.output);
    }
    tests::Folder folder_;
};

}  // namespace evidence::testing
