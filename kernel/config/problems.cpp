#include "kernel/config/problems.hpp"

#include "kernel/base/tr.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace kernel::config {

std::string Place::text() const { return line == 0 ? file : fmt::format("{}:{}:{}", file, line, column); }

std::string Problem::text() const {
    return fmt::format("{}: {}: {}", place.text(),
                       severity == Severity::error ? std::string("error") : base::tr("aviso"), message);
}

void Problems::add(Problem problem) {
    if (std::find(all_.begin(), all_.end(), problem) == all_.end()) all_.push_back(std::move(problem));
}

void Problems::error(const Place& place, std::string message) {
    add({place, Severity::error, std::move(message)});
}

void Problems::warning(const Place& place, std::string message) {
    add({place, Severity::warning, std::move(message)});
}

void Problems::add(const Problems& others) {
    for (const Problem& problem : others.all_) add(problem);
}

bool Problems::has_errors() const noexcept {
    return std::any_of(all_.begin(), all_.end(),
                       [](const Problem& p) { return p.severity == Severity::error; });
}

std::vector<Problem> Problems::sorted() const {
    std::vector<Problem> problems = all_;
    std::stable_sort(problems.begin(), problems.end(), [](const Problem& a, const Problem& b) {
        return std::tie(a.place.file, a.place.line, a.place.column) <
               std::tie(b.place.file, b.place.line, b.place.column);
    });
    return problems;
}

std::string Problems::text() const {
    std::string out;
    for (const Problem& problem : sorted()) out += problem.text() + '\n';
    return out;
}

concejo::Json Problems::json() const {
    auto list = concejo::Json::array();
    for (const Problem& problem : sorted()) {
        list.push_back(
            concejo::Json::object({{"file", problem.place.file},
                                   {"line", problem.place.line},
                                   {"column", problem.place.column},
                                   {"severity", problem.severity == Severity::error ? "error" : "warning"},
                                   {"message", problem.message}}));
    }
    return list;
}

}  // namespace kernel::config
