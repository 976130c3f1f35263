// From the words of others to those of the vocabularies, with a note for whatever could not be taken as it
// was.
#pragma once

#include "item.hpp"

#include <string_view>

namespace open_data::harvest {

class Mapper {
public:
    Mapper(const Terms& terms, Item& item) : terms_(terms), item_(item) {}

    void note(const char* what, std::string_view value = {});

    /// Of at most `most` bytes, without what XML cannot hold; cut with a note.
    std::string text(std::string_view raw, std::size_t most);
    /// Puts it into {"es": …}: without a language it is Spanish, and the first of a language is kept.
    void put(Json& texts, std::string_view language, std::string_view raw, std::size_t most);
    /// Spanish is needed: where there is none, the text that there is stands for it, with a note.
    void need_spanish(Json& texts);
    /// An http or https address, encoded; empty, with a note, for anything else (javascript:, file: …).
    std::string address(std::string_view raw);
    /// Its date as YYYY-MM-DDTHH:MM:SS in UTC or as it says, at most now; empty with a note where it is none.
    std::string instant(std::string_view raw);
    std::string day(std::string_view raw);

    /// Codes of NTI sectors, of whatever there is: NTI or EU addresses, codes, labels.
    Json sectors(const std::vector<std::string>& themes);
    std::string license(const std::string& raw, const std::string& address = {});
    std::string frequency(const std::string& raw);
    /// Its code ("STABLE"), of an address of the EU's table, of the one that was before it, or of the code.
    std::string availability(const std::string& raw);
    /// Our format ("CSV"), of any of: an address of the EU's table, a media type, a format, an address'
    /// ending.
    std::string format(const std::vector<std::string>& hints);
    std::string territory(const std::vector<std::string>& places);

private:
    const Terms& terms_;
    Item& item_;
};

inline constexpr std::size_t longest_title = 400, longest_notes = 20'000, longest_word = 100,
                             longest_key = 1'000;  ///< bytes
inline constexpr std::size_t most_words = 100, most_resources = 500, most_notes = 50;

}  // namespace open_data::harvest
