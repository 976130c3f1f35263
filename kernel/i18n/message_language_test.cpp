#include "kernel/i18n/message_language.hpp"

#include <catch2/catch.hpp>

using kernel::i18n::message_language;

TEST_CASE("the language of messages comes from LC_ALL, else LC_MESSAGES, else LANG (POSIX.1-2017, 8.2)") {
    CHECK(message_language(nullptr, nullptr, nullptr) == "es");
    CHECK(message_language(nullptr, nullptr, "ca_ES.UTF-8") == "ca");
    CHECK(message_language(nullptr, "gl_ES", "ca_ES.UTF-8") == "gl");
    CHECK(message_language("eu_ES.UTF-8", "gl_ES", "ca_ES.UTF-8") == "eu");
    CHECK(message_language("", "", "en") == "en");
    CHECK(message_language("C", "gl_ES", "en_GB.UTF-8") == "es");
}

TEST_CASE("a language that is none of ours, C and POSIX are Spanish") {
    for (const auto* lang :
         {"C", "C.UTF-8", "POSIX", "fr_FR.UTF-8", "pt_BR", "english", "_", "EN_GB", "../en", "\xff"})
        CHECK(message_language(nullptr, nullptr, lang) == "es");
    CHECK(message_language(nullptr, nullptr, "ca_ES.UTF-8@valencia") == "ca");
    CHECK(message_language(nullptr, nullptr, "en@euro") == "en");
}
