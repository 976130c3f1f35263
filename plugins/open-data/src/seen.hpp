// A form that more than one person may have open: what each field was shown with goes with it, in its field "visto", so that
// nobody's words are lost to what others saved, or to a new file, meanwhile.
#pragma once

#include "fields.hpp"

#include <map>

namespace open_data {

class Seen {
public:
    /// `mine`: whether what was sent, if anything was, is this form.
    explicit Seen(const concejo::Request&, bool mine = true);

    /// What a field is to be shown or saved with: what was typed; what is stored where nobody typed, or only others changed it.
    /// Where both did it is what was typed, and clashes() says what others wrote (`stored_label`, for people).
    std::string value(const std::string& field, const std::string& stored, const std::string& stored_label);
    std::string value(const std::string& field, const std::string& stored) {
        return value(field, stored, stored);
    }
    /// What value() gave; what was typed where it was not asked.
    std::string settled(const std::string& field) const;

    /// From here on the form is about this resource: column() asks by the columns' names, moved() whether there is another file.
    void about(const Resource&);
    /// As value() for the field `prefix` + `n` of the n-th column of now, wherever it stood when the form was made.
    std::string column(const std::string& prefix, std::size_t n, const std::string& stored);
    bool moved() const { return moved_; }
    /// What is different in the file of now: "": nothing.
    std::string moved_text() const;
    /// Of columns that are no more: [{"name","texts"}], what was typed in the fields of those prefixes.
    Json gone(const std::vector<std::string>& prefixes) const;

    const std::vector<Wrong>& clashes() const { return clashes_; }
    /// The value of "visto" in the next page.
    std::string next() const { return next_.dump(); }

private:
    std::string settle(const std::string& key, const std::string& field, const std::string& stored,
                       const std::string& label);
    std::vector<std::string> columns_of(const Json& form) const;

    const concejo::Request& request_;
    Json before_, next_ = Json::object({{"fields", Json::object()}});
    bool mine_, sent_, moved_ = false;
    std::vector<Wrong> clashes_;
    std::map<std::string, std::string> settled_;
};

}  // namespace open_data
