#include "kernel/base/tr.hpp"

#include <catch2/catch.hpp>

using namespace kernel::base;

namespace {

struct Speaking {
    explicit Speaking(Translator translator) { set_translator(std::move(translator)); }
    ~Speaking() { set_translator({}); }
};

std::string english(std::string_view spanish) {
    if (spanish == "no hay ningún usuario «{0}» en {1}") return "{1} has no user “{0}”";
    return std::string(spanish);
}

}  // namespace

TEST_CASE("without a translator messages are Spanish") {
    CHECK(tr("no hay ningún usuario «{0}» en {1}", "ana", "riomar") ==
          "no hay ningún usuario «ana» en riomar");
    CHECK(tr("listo") == "listo");
}

TEST_CASE("a translation may put its values in another order") {
    const Speaking speaking(english);
    const std::string user = "ana";
    CHECK(tr("no hay ningún usuario «{0}» en {1}", user, "riomar") == "riomar has no user “ana”");
    CHECK(tr("quedan {} MiB", 5) == "quedan 5 MiB");
    CHECK(translated("otra cosa") == "otra cosa");
}

TEST_CASE("values are never read as formats") {
    const Speaking speaking(english);
    CHECK(tr("no hay ningún usuario «{0}» en {1}", "{1}{", "}") == "} has no user “{1}{”");
}
