// One XML file of a zip, node after node, never whole in memory.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace open_data::ingest {

inline constexpr std::size_t max_unpacked = std::size_t{2} << 30;  ///< bytes of a part
inline constexpr std::size_t max_ratio = 1000;  ///< of a part to the whole zip, past the first MiB

/// Names of a zip's files; empty for what is no zip.
std::vector<std::string> zip_names(std::string_view zip);

/// Document types and entities are refused, and parts past those limits. Everything throws Error{invalid}, in
/// Spanish.
class XmlPart {
public:
    XmlPart(std::string_view zip, const std::string& name);
    ~XmlPart();
    XmlPart(const XmlPart&) = delete;

    /// To the next node; false at the end.
    bool read();
    bool begins() const;    ///< at the beginning of an element
    bool ends() const;      ///< at its end; never for <a/>
    bool is_empty() const;  ///< <a/>
    bool is_text() const;
    std::string_view name() const;  ///< without prefix
    std::string_view text() const;  ///< of a text node
    int depth() const;
    std::string attribute(
        std::string_view name) const;  ///< by its name without prefix; "" where there is none
    /// Past the end of the element whose beginning this is.
    void skip();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace open_data::ingest
