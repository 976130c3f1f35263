// The texts to translate that stand in templates and in C++ sources.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace kernel::i18n {

struct Message {
    std::string msgid;
    std::string plural;  ///< empty: none
    std::string file;
    int line = 0;
};

/// {{#_}}…{{/_}}
std::vector<Message> extract_template(std::string_view text, const std::string& file);

/// tr("…"), trn("…", "…", n), N_("…"), also as members and with arguments before the text; adjacent
/// literals are joined. Comments are skipped; a call whose text is no literal is none of ours. `more`: other
/// names for tr.
std::vector<Message> extract_cpp(std::string_view text, const std::string& file,
                                 const std::vector<std::string>& more = {});

/// What a translation must keep: "{{name}}" of templates, "{name}", "{0}" and "{}" of C++, sorted.
std::vector<std::string> placeholders(std::string_view text);

}  // namespace kernel::i18n
