// What is wrong in configuration files, all of it at once.
#pragma once

#include <concejo/json.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace kernel::config {

/// Where a text stands. Lines and columns count from 1, columns in characters; 0: the file as a whole.
struct Place {
    std::string file;
    int line = 0;
    int column = 0;

    /// "municipios/x.yaml:4:8"; the file alone where the line is 0.
    std::string text() const;
    bool operator==(const Place&) const = default;
};

enum class Severity { warning, error };

struct Problem {
    Place place;
    Severity severity = Severity::error;
    std::string message;  ///< Spanish

    /// "municipios/x.yaml:4:8: error: …" ("aviso" for a warning).
    std::string text() const;
    bool operator==(const Problem&) const = default;
};

class Problems {
public:
    /// The same problem at the same place is kept once.
    void error(const Place& place, std::string message);
    void warning(const Place& place, std::string message);
    void add(const Problems& others);

    bool has_errors() const noexcept;
    bool empty() const noexcept { return all_.empty(); }
    const std::vector<Problem>& all() const noexcept { return all_; }

    /// One line each, in the order of files, lines and columns.
    std::string text() const;
    /// [{"file", "line", "column", "severity": "error"|"warning", "message"}].
    concejo::Json json() const;

private:
    void add(Problem problem);
    std::vector<Problem> sorted() const;

    std::vector<Problem> all_;
};

}  // namespace kernel::config
