// Why an action was not done, in CKAN's words and statuses: what its clients choose their exceptions by. These texts
// are a part of the protocol, and stay in English.
#pragma once

#include <concejo/error.hpp>
#include <concejo/json.hpp>

namespace open_data::ckan {

using concejo::Json;

class Failure : public concejo::Error {
public:
    /// `error`: the member of the answer; a string: the whole answer.
    Failure(int status, Json error)
        : Error(concejo::ErrorKind::invalid, "CKAN " + std::to_string(status)),
          status_(status),
          error_(std::move(error)) {}
    int status() const { return status_; }
    const Json& error() const { return error_; }

private:
    int status_;
    Json error_;
};

Failure bad_request(std::string_view why);
Failure of_type(int status, std::string_view type, std::string_view message);
/// {"name": ["Missing value"]} and the like.
Failure invalid(Json fields);
Failure invalid(std::string_view field, std::string_view message);
Failure missing(std::string_view field);
/// "Not found", or "Not found: " and what.
Failure not_found(std::string_view what = {});
/// Something of ours or of the database, told without its statement.
Failure failure_of(const concejo::Error&);

}  // namespace open_data::ckan
