// What proof costs, beside its parts done bare: build/release/tests/bench_evidence [leaves] [rounds].
#include "plugins/evidence/bundle/bundle.hpp"
#include "plugins/evidence/testing/sample.hpp"
#include "plugins/evidence/verify/verify.hpp"
#include "tests/support/shell.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>

namespace {

using namespace evidence;
using Clock = std::chrono::steady_clock;

template <class F>
double seconds(F&& work) {
    const auto start = Clock::now();
    work();
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Median of some rounds, taken in turns by the caller.
double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void tree(std::uint64_t leaves) {
    log::MemoryStore store;
    log::Appender appender(store, 0);
    const double appended = seconds([&] {
        for (std::uint64_t i = 0; i < leaves; ++i) appender.append(log::leaf_hash(std::to_string(i)));
    });
    // Bare: a leaf's hash and a node's, which is what one leaf costs on average.
    const double bare = seconds([&] {
        crypto::Digest last{};
        for (std::uint64_t i = 0; i < leaves; ++i)
            last = log::node_hash(log::leaf_hash(std::to_string(i)), last);
    });
    std::printf("%llu leaves appended: %.2f s, %.2f x their hashes alone\n",
                static_cast<unsigned long long>(leaves), appended, appended / bare);
    std::mt19937_64 random(1);
    constexpr int proofs = 1000;
    std::size_t bad = 0;
    const auto root = appender.root();
    const double proven = seconds([&] {
        for (int i = 0; i < proofs; ++i) log::Tree(store, leaves).inclusion(random() % leaves, leaves);
    });
    std::vector<std::pair<std::uint64_t, log::Proof>> made;
    log::Tree warm(store, leaves);
    const auto first = random() % (leaves > 256 ? leaves - 256 : 1);
    const double neighbours = seconds([&] {
        for (std::uint64_t i = 0; i < std::min<std::uint64_t>(leaves, 256); ++i)
            made.emplace_back(first + i, warm.inclusion(first + i, leaves));
    });
    const double verified = seconds([&] {
        for (const auto& [index, proof] : made)
            bad += !log::verify_inclusion(index, leaves, log::leaf_hash(std::to_string(index)), proof, root);
    });
    const auto each = 1e6 / static_cast<double>(made.size());
    std::printf(
        "inclusion proof: %.0f us with nothing read before, %.1f us for neighbours, %.1f us to verify; bad: "
        "%zu\n",
        proven * 1e6 / proofs, neighbours * each, verified * each, bad);
    const double consistency = seconds([&] {
        for (int i = 0; i < proofs; ++i) log::Tree(store, leaves).consistency(1 + random() % leaves, leaves);
    });
    std::printf("consistency proof: %.0f us with nothing read before\n", consistency * 1e6 / proofs);
}

/// The program on a file, beside openssl doing the digest and the signature alone, as processes and in turns.
void program(std::size_t size, int rounds, const std::string& verifier) {
    testing::SampleLog sample;
    std::string document(size, '\0');
    std::mt19937_64 random(2);
    for (auto& byte : document) byte = static_cast<char>(random());
    const auto bytes = testing::make(sample, testing::some_contents(sample, document));
    const tests::Folder folder;
    folder.write("b.evidencia", bytes);
    folder.write("documento.pdf", document);
    folder.write("clave.pem", crypto::public_pem(sample.verifier.key()));
    const auto contents = bundle::read(bytes);
    folder.write("m", contents.value().manifest);
    folder.write("s", sample.signer()(contents.value().manifest));
    std::vector<double> ours, bare, inside;
    const auto judge = verify::openssl_judge({});
    bool good = true;
    const std::string openssl = "cd " + folder.path() +
                                " && openssl dgst -sha256 documento.pdf && openssl pkeyutl -verify "
                                "-pubin -inkey clave.pem -rawin -in m -sigfile s";
    for (int i = 0; i < rounds; ++i) {
        ours.push_back(
            seconds([&] { good &= tests::run(verifier + " " + (folder / "b.evidencia")).code == 0; }));
        bare.push_back(seconds([&] { good &= tests::run(openssl).code == 0; }));
        inside.push_back(seconds([&] { good &= verify::verify(bytes, {}, judge).exit_code() == 0; }));
    }
    std::printf(
        "bundle of %zu KiB: concejo-verify %.1f ms (%.1f in it), openssl dgst + pkeyutl %.1f ms: %.2f x%s\n",
        bytes.size() / 1024, median(ours) * 1e3, median(inside) * 1e3, median(bare) * 1e3,
        median(ours) / median(bare), good ? "" : "  WRONG");
}

}  // namespace

int main(int argc, char** argv) {
    const auto leaves = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1000000;
    const int rounds = argc > 2 ? std::atoi(argv[2]) : 15;
    if (leaves == 0 || rounds < 1) return 2;
    tree(leaves);
    for (const std::size_t size : {std::size_t{100} << 10, std::size_t{10} << 20})
        program(size, rounds, BENCH_VERIFIER);
    return 0;
}
