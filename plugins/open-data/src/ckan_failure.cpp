#include "ckan_failure.hpp"

namespace open_data::ckan {

Failure bad_request(std::string_view why) { return {400, Json("Bad request - " + std::string(why))}; }

Failure of_type(int status, std::string_view type, std::string_view message) {
    return {status, Json::object({{"__type", type}, {"message", message}})};
}

Failure invalid(Json fields) {
    fields["__type"] = "Validation Error";
    return {409, std::move(fields)};
}

Failure invalid(std::string_view field, std::string_view message) {
    return invalid(Json::object({{std::string(field), Json::array({message})}}));
}

Failure missing(std::string_view field) { return invalid(field, "Missing value"); }

Failure not_found(std::string_view what) {
    return of_type(404, "Not Found Error", what.empty() ? "Not found" : "Not found: " + std::string(what));
}

Failure failure_of(const concejo::Error& error) {
    using concejo::ErrorKind;
    const std::string_view text = error.what();
    // The database's own messages hold statements and values: CKAN shows them, we do not.
    const bool ours =
        text.find("base de datos") == std::string_view::npos && text.find("SQL") == std::string_view::npos;
    switch (error.kind()) {
        case ErrorKind::invalid:
            return invalid("message", ours ? text : std::string_view("Invalid value"));
        case ErrorKind::conflict:
            return invalid("message", ours ? text : std::string_view("The value is in use already"));
        case ErrorKind::not_found:
            return not_found();
        case ErrorKind::forbidden:
            return of_type(403, "Authorization Error", "Access denied");
        case ErrorKind::unavailable:
            return of_type(503, "Service Unavailable", "Service Unavailable");
        case ErrorKind::internal:
            break;
    }
    return of_type(500, "Internal Server Error", "Internal Server Error");
}

}  // namespace open_data::ckan
