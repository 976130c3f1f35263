// What it costs to seal, date, log and commit one document, beside its parts done bare in the same run: an RSA signature by
// OpenSSL, a reply of the timestamp authority, a committed row. PostgreSQL writes for real (fsync).
//   build/release/tests/bench_seal [documents] [rounds]
#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/keys/development_pki.hpp"
#include "plugins/evidence/keys/signing_key.hpp"
#include "plugins/evidence/testing/workspace.hpp"
#include "plugins/evidence/timestamp/client.hpp"
#include "plugins/evidence/timestamp/development_authority.hpp"

#include <concejo/testing.hpp>

#include <openssl/pem.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>

namespace {

using namespace evidence;
using concejo::Json;
using concejo::testing::FakeKernel;

template <class F>
double seconds(F&& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// With fsync.
concejo::testing::Database& disk() {
    static concejo::testing::Database database(true);
    return database;
}

/// The parts that no implementation can do without.
class Bare {
public:
    Bare() {
        keys::make_development_pki(
            work_ / "pki",
            {.entity = "Banco", .ocsp_address = {}, .crl_address = {}, .root_crl_address = {}});
        key_.emplace(
            keys::from_pem(testing::read(work_ / "pki/sello.key"), testing::read(work_ / "pki/sello.pem")));
        const auto authority_key = testing::read(work_ / "pki/tsa.key");
        const crypto::Owned<BIO, BIO_free_all> in(
            BIO_new_mem_buf(authority_key.data(), static_cast<int>(authority_key.size())));
        authority_.emplace(
            std::move(crypto::certificates_from_pem(testing::read(work_ / "pki/tsa.pem")).at(0)),
            crypto::Key(PEM_read_bio_PrivateKey(in.get(), nullptr, nullptr, nullptr)),
            crypto::certificates_from_pem(testing::read(work_ / "pki/cadena.pem")));
        connection_->script("CREATE TABLE banco (n bigint, texto text)");
    }
    double sign(int n) {
        return seconds([&] {
            for (int i = 0; i < n; ++i) key_->sign("documento " + std::to_string(i));
        });
    }
    double date(int n) {
        return seconds([&] {
            for (int i = 0; i < n; ++i)
                authority_->answer(timestamp::make_request(crypto::sha256(std::to_string(i))).der);
        });
    }
    double commit(int n) {
        return seconds([&] {
            for (int i = 0; i < n; ++i) {
                connection_->script("BEGIN");
                connection_->exec("INSERT INTO banco VALUES ($1, $2)",
                                  {std::to_string(i), std::string(300, 'x')});
                connection_->script("COMMIT");
            }
        });
    }

private:
    testing::Workspace work_;
    std::optional<keys::SigningKey> key_;
    std::optional<timestamp::DevelopmentAuthority> authority_;
    std::unique_ptr<concejo::testing::Connection> connection_ = disk().connect();
};

double seal(FakeKernel& kernel, const std::vector<std::string>& blobs) {
    return seconds([&] {
        for (const auto& sha256 : blobs) {
            kernel.ask("evidence:1", "sellar",
                       Json::object({{"documento", "banco." + sha256.substr(0, 40)},
                                     {"sha256", sha256},
                                     {"nombre", "edicto.pdf"},
                                     {"titulo", "Edicto"},
                                     {"metadatos", Json::object()}}));
        }
    });
}

}  // namespace

int main(int argc, char** argv) {
    // one pass of the job that dates takes 200
    const int documents = std::min(200, argc > 1 ? std::atoi(argv[1]) : 200),
              rounds = argc > 2 ? std::atoi(argv[2]) : 5;
    const auto admin = disk().connect();
    for (const char* setting : {"fsync", "full_page_writes", "synchronous_commit"})
        if (admin->exec(std::string("SHOW ") + setting).rows.at(0).at(0) != "on") return 1;
    FakeKernel kernel(
        {.database = &disk(),
         .settings = Json::parse(
             R"({"sello_de_tiempo": {"autoridades": [], "espera_s": 0}, "disponibilidad": {}, "testigos": [], "testigo_de": [], "archivo": {}})")});
    Bare bare;
    std::vector<double> ratios;
    for (int round = 0; round < rounds + 1; ++round) {
        std::vector<std::string> blobs;
        for (int i = 0; i < documents; ++i)
            blobs.push_back(kernel.put_blob(
                "%PDF-1.4 " + std::to_string(round) + "." + std::to_string(i) + std::string(100'000, ' '),
                "application/pdf"));
        const double sign = bare.sign(documents), date = bare.date(documents),
                     commit = bare.commit(documents);
        const double sealed = seal(kernel, blobs);
        kernel.clock(std::time(nullptr) + 60);  // the jobs are due
        const double dated = seconds([&] { kernel.run_jobs(); });
        if (round == 0) continue;  // keys are opened, pages are read
        const auto each = 1000.0 / documents;
        ratios.push_back((sealed + dated) / (sign + date + commit));
        std::printf(
            "sealed %.2f ms + dated %.2f ms; bare: signature %.2f + reply %.2f + commit %.2f ms: %.2f x\n",
            sealed * each, dated * each, sign * each, date * each, commit * each, ratios.back());
    }
    std::sort(ratios.begin(), ratios.end());
    std::printf("one document sealed, dated, logged and committed: %.2f x its parts\n",
                ratios[ratios.size() / 2]);
}
