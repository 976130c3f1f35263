// What a citizen sends, checked.
#pragma once

#include <concejo/http.hpp>

#include <optional>
#include <string>
#include <vector>

namespace buzon {

struct Fallo {
    std::string field;  ///< the id of the control, so that the summary can link to it
    std::string text;   ///< in the reader's language: what is wrong and what to do
};

struct Formulario {
    std::string asunto, texto;
    std::optional<concejo::Upload>
        adjunto;  ///< its media type is what the file is, not what the browser said
    std::vector<Fallo> fallos;

    bool good() const { return fallos.empty(); }
    /// What is wrong with that field; empty where nothing is.
    std::string fault_of(std::string_view field) const;

    static Formulario read(const concejo::Request&);
};

}  // namespace buzon
