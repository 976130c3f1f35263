#include "kernel/identity/passwords.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace kernel::identity {
namespace {

constexpr HashCost cheap{1, 8192};

TEST_CASE("a hash of the reference implementation of Argon2 is understood") {
    // phc-winner-argon2, src/test.c: argon2id, version 0x13, t=2, m=2^16, p=1, "password", "somesalt".
    const Passwords passwords(cheap);
    const std::string hash =
        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc";
    CHECK(passwords.verify(hash, "password"));
    CHECK_FALSE(passwords.verify(hash, "Password"));
    CHECK(passwords.needs_rehash(hash));
}

TEST_CASE("hashes are argon2id at the cost asked for, and differ each time") {
    const Passwords passwords;
    const auto hash = passwords.hash("tres gatos en el tejado");
    CHECK(hash.rfind("$argon2id$v=19$m=19456,t=2,p=1$", 0) == 0);
    CHECK(passwords.verify(hash, "tres gatos en el tejado"));
    CHECK_FALSE(passwords.verify(hash, "tres gatos en el tejado "));
    CHECK(passwords.hash("tres gatos en el tejado") != hash);
    CHECK_FALSE(passwords.needs_rehash(hash));
    CHECK(Passwords(cheap).needs_rehash(hash));
}

TEST_CASE("what is no hash opens for nobody") {
    const Passwords passwords(cheap);
    for (const std::string hash :
         {"", "plain", "$argon2id$", "$2b$12$abcdefghijklmnopqrstuv", "$argon2i$v=19$m=8,t=1,p=1$a$b"}) {
        CHECK_FALSE(passwords.verify(hash, ""));
        CHECK_FALSE(passwords.verify(hash, hash));
    }
    CHECK_FALSE(passwords.verify(std::string(4000, 'x'), "x"));
    const auto hash = passwords.hash("a");
    CHECK_FALSE(passwords.verify(hash, std::string(5000, 'a')));
}

TEST_CASE("an account that does not exist takes as long as a wrong password") {
    const Passwords passwords;
    const auto hash = passwords.hash("tres gatos en el tejado");
    const auto once = [&](const std::string& against) {
        const auto start = std::chrono::steady_clock::now();
        passwords.verify(against, "wrong");
        return static_cast<double>((std::chrono::steady_clock::now() - start).count());
    };
    std::vector<double> ratios;  // measured side by side: the machine may be busy with other things
    for (int i = 0; i < 7; ++i) ratios.push_back(once("") / once(hash));
    std::sort(ratios.begin(), ratios.end());
    CHECK(ratios[3] > 0.3);
    CHECK(ratios[3] < 3.0);
}

TEST_CASE("many at once take turns, and all come through") {
    const Passwords passwords;
    const auto hash = passwords.hash("tres gatos en el tejado");
    std::vector<std::thread> threads;
    std::atomic<int> good{0};
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&] { good += passwords.verify(hash, "tres gatos en el tejado"); });
    for (auto& thread : threads) thread.join();
    CHECK(good == 8);
}

TEST_CASE("a new password is long, not the login, none of the common ones") {
    CHECK(accept_password("tres gatos en el tejado", "sara"));
    CHECK(accept_password("ñandúñandúñá", "sara"));  // twelve characters, seventeen bytes
    const auto refused = [](std::string_view password, std::string_view login = "sara") {
        const auto result = accept_password(password, login);
        return result ? std::string() : result.error().message;
    };
    CHECK(refused("once letras") ==
          "La contraseña es demasiado corta: necesita al menos 12 caracteres. Tres o cuatro palabras sin "
          "relación sirven.");
    CHECK(refused("ñandúñandúñ").find("demasiado corta") != std::string::npos);
    CHECK(refused(std::string(257, 'x')).find("demasiado larga") != std::string::npos);
    CHECK(refused("la clave de SARA", "sara").find("nombre de usuario") != std::string::npos);
    for (const char* common : {"contraseña123", "Contraseña2026", "AYUNTAMIENTO2026!", "123456789012",
                               "aaaaaaaaaaaa", "121212121212"})
        CHECK(refused(common).find("de las primeras") != std::string::npos);
    CHECK(refused("tres gatos \xff en el tejado").find("no se pueden leer") != std::string::npos);
}

}  // namespace
}  // namespace kernel::identity
