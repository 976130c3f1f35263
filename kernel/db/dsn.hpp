// libpq connection strings ("host=… dbname=…" or postgresql://…), taken apart and put together.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kernel::db {

class Dsn {
public:
    /// Throws Error{invalid} with libpq's reason.
    static Dsn parse(const std::string& text);

    /// Empty where it is not there.
    std::string get(std::string_view key) const;
    Dsn& set(std::string_view key, std::string_view value);
    Dsn& set_default(std::string_view key, std::string_view value);
    /// "key='value' …", quoted.
    std::string text() const;

private:
    std::vector<std::pair<std::string, std::string>> values_;
};

}  // namespace kernel::db
