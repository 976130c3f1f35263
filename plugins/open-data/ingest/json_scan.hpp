// JSON (RFC 8259) walked where it lies: what is not asked for is passed over, not built.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace open_data::ingest {

/// Everything returns false, or an empty view, for what is no JSON; at most 64 levels deep.
class JsonScan {
public:
    explicit JsonScan(std::string_view text, std::size_t at = 0) : text_(text), at_(at) {}

    std::size_t at() const { return at_; }
    void go(std::size_t at) { at_ = at; }
    /// The next byte that is no blank; 0 at the end.
    char peek();
    bool take(char);
    /// Past one value; the value as it stands.
    std::string_view value(int depth = 0);
    /// Past a string, decoded: valid UTF-8 without U+0000.
    bool string(std::string& out);

private:
    bool literal(std::string_view);
    bool number();
    bool raw_string();
    bool container(char close, int depth);

    std::string_view text_;
    std::size_t at_;
};

/// What a value is in a cell: a string's text, a number in plain figures, true, false, nothing for null, the
/// rest as it stands.
std::string json_cell(std::string_view value);

/// The members of an object, those of objects in it as "a.b", in order. False where it is none.
using JsonMembers = std::vector<std::pair<std::string, std::string_view>>;
bool flatten(std::string_view object, JsonMembers& out, const std::string& prefix = {});

/// The place ("" or "a.b") of the first array of objects in a value, searched through its objects; false:
/// there is none. `begin`: where in `text` that array begins.
bool find_rows(std::string_view text, std::size_t at, std::string& place, std::size_t& begin, int depth = 0);
/// Where the array at that place begins; npos where there is none.
std::size_t rows_at(std::string_view text, std::string_view place);

}  // namespace open_data::ingest
