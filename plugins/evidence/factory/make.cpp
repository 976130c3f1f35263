#include "plugins/evidence/factory/make.hpp"

#include "plugins/evidence/factory/blocks.hpp"
#include "plugins/evidence/factory/frame.hpp"
#include "plugins/evidence/factory/pdfa.hpp"

#include <concejo/error.hpp>

#include <regex>

namespace evidence::factory {
namespace {

Metadata metadata(const Document& document) {
    using namespace std::chrono;
    const auto refuse = [](const char* why) { throw concejo::Error(concejo::ErrorKind::invalid, why); };
    Metadata said{clean(document.title),   document.language,           clean(document.author),
                  clean(document.subject), clean(document.application), document.created};
    static const std::regex language("[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,8}");
    if (said.title.empty()) refuse("El documento no tiene título");
    if (document.language.size() > 80 || !std::regex_match(document.language, language))
        refuse("El idioma del documento no es una etiqueta BCP 47");
    if (document.created < sys_days(year(1900) / 1 / 1) || document.created >= sys_days(year(10000) / 1 / 1))
        refuse("La fecha del documento no es válida");
    return said;
}

}  // namespace

Made make(const Document& document) {
    const auto said = metadata(document);
    const Typesetter typesetter(document.typography, document.language);
    const Frame frame(typesetter, document);
    Paper paper;
    frame.begin(paper);
    Flow flow(paper, frame.first_top(), frame.top(), frame.bottom());
    Blocks blocks(typesetter, flow, document.letterhead.accent);
    blocks.add(document.blocks);
    frame.finish(paper);
    const auto pages = static_cast<int>(paper.page()) + 1;
    return {to_pdfa(paper.finish(), said, paper.tags().made()), pages, blocks.signatures()};
}

}  // namespace evidence::factory
