// One XML file of a zip, node after node, never whole in memory.
#pragma once

#include <concejo/error.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace open_data::workbook {

inline constexpr std::size_t max_unpacked = std::size_t{2} << 30;  ///< bytes of a part
inline constexpr std::size_t max_ratio = 1000;  ///< of a part to the whole zip, past the first MiB

/// Names of a zip's files, the first 10,000 of them; empty for what is no zip.
std::vector<std::string> zip_names(const std::filesystem::path& zip);

/// What is wrong with a file: the Spanish text and what to fill it with, for whoever translates it.
class Refusal : public concejo::Error {
public:
    using Values = std::vector<std::pair<std::string, std::string>>;
    Refusal(const char* text, Values values);
    const char* text;
    Values values;
};

/// Throws Refusal with this text and its {parte}.
[[noreturn]] void refuse_part(const char* text, const std::string& part);
extern const char* const damaged;    ///< for refuse_part()
extern const char* const too_large;  ///< likewise

/// Document types and entities are refused, and parts past those limits: everything throws Error{invalid}.
class XmlPart {
public:
    XmlPart(const std::filesystem::path& zip, const std::string& name);
    ~XmlPart();
    XmlPart(const XmlPart&) = delete;
    XmlPart& operator=(const XmlPart&) = delete;

    /// To the next node; false at the end.
    bool read();
    bool begins() const;    ///< at the beginning of an element
    bool ends() const;      ///< at its end; never for <a/>
    bool is_empty() const;  ///< <a/>
    bool is_text() const;
    std::string_view name() const;  ///< without prefix
    std::string_view text() const;  ///< of a text node
    int depth() const;
    /// By its name without prefix, or with it; "" where there is none.
    std::string attribute(std::string_view name) const;

    /// From the beginning of an element to its end: `visit()` at each node inside, which may itself go on to
    /// the end of the element that begins there.
    template <class Visit>
    void inside(Visit&& visit) {
        if (is_empty()) return;
        for (const int outer = depth(); read() && !(ends() && depth() == outer);) visit();
    }
    void skip() {
        inside([] {});
    }
    /// The texts of the element that begins here, and of those in it.
    void append_text(std::string& out) {
        inside([&] {
            if (is_text()) out += text();
        });
    }

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace open_data::workbook
