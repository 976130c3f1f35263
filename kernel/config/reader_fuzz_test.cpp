// Bounded fuzzing: whatever a file holds, reading ends with a tree or with problems that have a place inside
// it.
#include "kernel/base/text.hpp"
#include "kernel/config/fixture.hpp"
#include "kernel/config/reader.hpp"
#include "kernel/config/schema.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace kernel::config;
using kernel::base::read_file;

namespace {

constexpr int rounds = 20000;

std::vector<std::string> seeds() {
    std::vector<std::string> texts = {
        "a: &x {b: [1, 2], c: 'd'}\ne: *x\nf: !secret g\nh: |\n  i\n  j\nk: \"\\u00e9\"\n? l\n: m\n",
        "- - a\n  - b: {c: d, e: [f, {g: h}]}\n-\n- ~\n- >-\n  x\n\n  y\n",
    };
    const std::filesystem::path config = CONCEJO_SOURCE_DIR "/config";
    for (const char* file : {"platform.yaml", "municipios/ejemplo.yaml", "demo/municipios/riomar.yaml"})
        texts.push_back(read_file(config / file, 1 << 20));
    return texts;
}

class Mutator {
public:
    explicit Mutator(std::vector<std::string> seeds) : seeds_(std::move(seeds)) {}

    std::string next() {
        std::string text = seeds_[below(seeds_.size())];
        if (text.size() > 600) text = text.substr(below(text.size() - 600), 600);
        for (std::size_t n = 1 + below(6); n > 0; --n) change(text);
        return text;
    }

private:
    std::size_t below(std::size_t limit) { return limit ? random_() % limit : 0; }

    void change(std::string& text) {
        static constexpr std::string_view marks = ":-[]{},#&*!|>'\"%@`?\t\n \r~<\\\xC3\xFF";
        const std::size_t at = below(text.size() + 1);
        switch (below(6)) {
            case 0:
                text.insert(at, 1, marks[below(marks.size())]);
                break;
            case 1:
                text.erase(at, 1 + below(5));
                break;
            case 2:
                text.insert(at, text.substr(below(text.size() + 1), below(60)));
                break;
            case 3:
                text.insert(at, std::string(1 + below(40), marks[below(marks.size())]));
                break;
            case 4:
                if (at < text.size()) text[at] = static_cast<char>(below(256));
                break;
            default:
                text.resize(at);
        }
    }

    std::vector<std::string> seeds_;
    std::mt19937 random_{20260301};
};

bool inside(const Place& place, const std::string& text) {
    const auto lines = kernel::base::split(text, '\n');
    if (place.line == 0) return true;
    // the end of an unfinished text is one line past it
    return place.line >= 1 && place.column >= 1 && static_cast<std::size_t>(place.line) <= lines.size() + 1 &&
           static_cast<std::size_t>(place.column) <= text.size() + 2;
}

}  // namespace

TEST_CASE("mutated files: no crash and no hang and places inside the file") {
    Problems wrong;
    const auto tree = read_yaml_file(testing::share / "municipio.schema.yaml", "schema", {}, wrong);
    REQUIRE(tree);
    const auto schema = Schema::parse(*tree, wrong);
    REQUIRE(schema);
    Mutator mutator(seeds());
    int accepted = 0;
    for (int i = 0; i < rounds; ++i) {
        const std::string text = mutator.next();
        Problems problems;
        auto node = read_yaml(text, "f", {}, problems);
        if (!node && !problems.has_errors()) FAIL("no tree and no problem:\n" << text);
        if (node) {
            accepted += problems.empty() ? 1 : 0;
            schema->apply(*node, "", problems);
            node->json();
        }
        for (const Problem& problem : problems.all()) {
            if (problem.place.file == "f" && !inside(problem.place, text))
                FAIL(problem.text() << "\n" << text);
        }
    }
    CHECK(accepted > rounds / 100);  // the mutations are not all nonsense
}
