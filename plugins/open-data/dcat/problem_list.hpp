// The questions that datasets, distributions and catalogues are asked alike. Part of the library, not of its
// interface.
#pragma once

#include "problems.hpp"
#include "text.hpp"

#include <concejo/text.hpp>

namespace open_data::dcat {

class ProblemList {
public:
    explicit ProblemList(Instant now) : now_(now) {}

    using Values = std::vector<std::pair<std::string, std::string>>;
    void error(std::string where, const char* what, const char* remedy, Values values = {});
    void warning(std::string where, const char* what, const char* remedy, Values values = {});

    /// A text in Spanish, and no empty one.
    void text(const std::string& where, const Texts& texts, const char* missing);
    /// Empty addresses are the business of who asks for one.
    void address(const std::string& where, const std::string& url);
    void dates(const std::string& where, const std::optional<Instant>& issued,
               const std::optional<Instant>& modified);
    /// `known`: found in the vocabulary. What is empty is not asked.
    void code(const std::string& where, const std::string& code, bool known);
    void license(const std::string& where, const std::string& license);
    void publisher(const std::string& where, const Agent& agent);

    std::vector<Problem> take() { return std::move(problems_); }

private:
    Instant now_;
    std::vector<Problem> problems_;
};

/// "/distributions/0" and "uri".
std::string under(const std::string& path, const char* field);
std::string under(const std::string& path, std::size_t index);

}  // namespace open_data::dcat
