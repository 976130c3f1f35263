#include "plugins/evidence/inspection/hidden_data.hpp"

#include "plugins/evidence/inspection/finder.hpp"

#include <concejo/error.hpp>

#include <algorithm>

namespace evidence::inspection {
namespace {

struct Text {
    std::string_view code;
    const char* text;
};
constexpr Text texts[] = {
#define X(code, text) {code, text},
#include "plugins/evidence/inspection/texts.inc"
#undef X
};

}  // namespace

const char* text(std::string_view code) {
    const auto* found =
        std::find_if(std::begin(texts), std::end(texts), [&](const Text& t) { return t.code == code; });
    return found == std::end(texts) ? code.data() : found->text;
}

concejo::Json to_json(const std::vector<Finding>& findings) {
    auto list = concejo::Json::array();
    for (const auto& one : findings)
        list.push_back(concejo::Json::object(
            {{"code", one.code}, {"text", text(one.code)}, {"where", one.where}, {"detail", one.detail}}));
    return list;
}

std::vector<Finding> hidden_data(std::string_view file) {
    pdf::Document document(file);
    Finder finder(document);
    try {
        finder.file();
        finder.metadata();
        finder.catalog();
        finder.pages();
        finder.fields();
    } catch (const concejo::Error&) {
        throw;
    } catch (const std::exception&) {
        finder.add("damaged", "", "");  // qpdf's own complaint about some object: what was found stands
    }
    return finder.take();
}

}  // namespace evidence::inspection
