// For tests: OpenSSL's own OCSP responder and CRLs for the development PKI, as real as they come.
#pragma once

#include "plugins/evidence/testing/workspace.hpp"

#include <csignal>
#include <thread>

namespace evidence::testing {

class RevocationServers {
public:
    /// `revoked`: names of the certificates of the issuing authority that are, since `since` (YYMMDDHHMMSSZ).
    explicit RevocationServers(const std::vector<std::string>& revoked = {},
                               const std::string& since = "260101000000Z") {
        std::string index;
        for (const auto* name : {"sello", "empleado", "tsa", "ocsp"}) {
            const auto key = Pki::get().key(name);
            const bool out = std::find(revoked.begin(), revoked.end(), name) != revoked.end();
            index += std::string(out ? "R" : "V") + "\t350101000000Z\t" + (out ? since : "") + "\t" +
                     crypto::serial(key.certificate()) + "\tunknown\t/CN=" + name + "\n";
        }
        write(work_ / "ca.txt", index);
        write(work_ / "raiz.txt", "");
        for (const auto* name : {"ca", "raiz"}) make_crl(name);
        const auto path = [](const char* file) { return Pki::get().path(file).string(); };
        const auto started =
            work_.run("openssl ocsp -index ca.txt -CA " + path("ca.pem") + " -rsigner " + path("ocsp.pem") +
                      " -rkey " + path("ocsp.key") + " -port 0 -nmin 60 > ocsp.log 2>&1 & echo $!");
        pid_ = std::stoi(started.output);
        for (int i = 0; i < 200 && port_.empty(); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
            const auto log = read(work_ / "ocsp.log");
            const auto at = log.find("ACCEPT"), colon = log.find("]:", at) + 1;
            if (at != std::string::npos && log.find('\n', at) != std::string::npos)
                port_ = log.substr(colon + 1, log.find_first_not_of("0123456789", colon + 1) - colon - 1);
        }
        if (port_.empty()) throw std::runtime_error("openssl ocsp no arranca: " + read(work_ / "ocsp.log"));
    }
    ~RevocationServers() { kill(pid_, SIGTERM); }

    std::string operator()(const std::string& address, const std::string& request) {
        ++asked;
        if (address == Pki::crl_address && crl) return read(work_ / "ca.crl");
        if (address == Pki::root_crl_address) return read(work_ / "raiz.crl");
        if (address != Pki::ocsp_address || !ocsp) throw std::runtime_error("no contesta");
        write(work_ / "request", request);
        const auto got = work_.run(
            "curl -sS -f -m 20 --noproxy \"*\" -H \"Content-Type: application/ocsp-request\" --data-binary "
            "@request -o response http://127.0.0.1:" +
            port_ + "/");
        if (got.code != 0) throw std::runtime_error(got.output);
        return read(work_ / "response");
    }
    bool ocsp = true, crl = true;  ///< which answer
    int asked = 0;

private:
    void make_crl(const std::string& name) {
        write(work_ / (name + ".cnf"),
              "[ca]\ndefault_ca=x\n[x]\ndatabase=" + name + ".txt\ndefault_md=sha256\ndefault_crl_days=30\n");
        const auto made = work_.run(
            "openssl ca -gencrl -config " + name + ".cnf -keyfile " +
            Pki::get().path(name + ".key").string() + " -cert " + Pki::get().path(name + ".pem").string() +
            " -out c.pem && openssl crl -in c.pem -outform DER -out " + name + ".crl");
        if (made.code != 0) throw std::runtime_error(made.output);
    }
    Workspace work_;
    std::string port_;
    int pid_ = 0;
};

}  // namespace evidence::testing
