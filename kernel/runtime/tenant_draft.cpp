// Checked whole before anything is written.
#include "kernel/runtime/tenant_draft.hpp"

#include "kernel/base/files.hpp"
#include "kernel/base/text.hpp"
#include "kernel/base/tr.hpp"

#include <concejo/error.hpp>

#include <algorithm>

namespace kernel::runtime {
namespace {

using concejo::Error;
using concejo::ErrorKind;
using concejo::Json;
namespace fs = std::filesystem;

/// JSON's strings are YAML's double-quoted ones.
std::string quoted(const std::string& text) { return Json(text).dump(); }

std::string list_of(const std::vector<std::string>& texts) {
    std::string list;
    for (const auto& text : texts) list += (list.empty() ? "" : ", ") + quoted(text);
    return "[" + list + "]";
}

/// Those that are asked for, active; the other ones that there are, to be uncommented.
std::string modules_of(const NewTenant& asked, const Configuration& configuration) {
    std::string active, others;
    for (const auto& id : asked.modules) active += "\n  " + id + ":\n    activo: true";
    for (const auto& candidate : configuration.candidates) {
        if (std::find(asked.modules.begin(), asked.modules.end(), candidate.id) == asked.modules.end())
            others += "\n  # " + candidate.id + ":\n  #   activo: true";
    }
    return (active.empty() ? " {}" : active) + others;
}

/// {key} by its value, in one pass: a value with braces stays as it is.
std::string filled(const std::string& text, const std::vector<std::pair<std::string, std::string>>& values) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto value = std::find_if(values.begin(), values.end(), [&](const auto& each) {
            return text.compare(at, each.first.size() + 2, "{" + each.first + "}") == 0;
        });
        out += value == values.end() ? std::string(1, text[at]) : value->second;
        at += value == values.end() ? 1 : value->first.size() + 2;
    }
    return out;
}

/// A comment is one line, whatever the name holds.
std::string one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](unsigned char c) { return c < ' '; }, ' ');
    return text;
}

std::string text_of(const NewTenant& asked, const Configuration& configuration) {
    return filled(base::read_file(paths::share_folder() / "config" / "municipio.template.yaml", 1 << 20),
                  {{"titulo", one_line(asked.name)},
                   {"nombre", quoted(asked.name)},
                   {"slug", asked.slug},
                   {"identidad", asked.id.empty() ? "ine: " + quoted(asked.ine) : "id: " + quoted(asked.id)},
                   {"dominios", list_of(asked.hosts)},
                   {"dominio", one_line(asked.hosts.front())},
                   {"idiomas", list_of(asked.languages)},
                   {"modulos", modules_of(asked, configuration)}});
}

/// What another municipality has, whose file may be broken at the moment too.
void refuse_taken(const NewTenant& asked, const config::Installation& installation) {
    const auto& id = asked.id.empty() ? asked.ine : asked.id;
    for (const auto& other : installation.municipios) {
        if (other.id == id)
            throw Error(ErrorKind::conflict, base::tr("el identificador {0} ya es de «{1}»", id, other.slug));
        if (other.ine && other.ine->text() == asked.ine)
            throw Error(ErrorKind::conflict,
                        base::tr("el código INE {0} ya es de «{1}»", asked.ine, other.slug));
        for (const auto& host : asked.hosts) {
            const auto name = base::lower_ascii(host);
            if (std::find(other.domains.begin(), other.domains.end(), name) != other.domains.end())
                throw Error(ErrorKind::conflict, base::tr("el dominio {0} ya es de «{1}»", host, other.slug));
        }
    }
}

void refuse_wrong(const config::Installation& checked, const std::string& file) {
    std::string wrong;
    for (const auto& problem : checked.problems.all()) {
        if (problem.place.file == file && problem.severity == config::Severity::error)
            wrong += "\n" + problem.text();
    }
    if (!wrong.empty())
        throw Error(ErrorKind::invalid, base::tr("no se ha creado nada; el archivo no serviría:") + wrong);
}

}  // namespace

config::Draft draft_of(const paths::Paths& paths, NewTenant asked) {
    if (asked.languages.empty()) asked.languages = {"es"};
    const auto configuration = read_configuration(paths, paths.config());
    if (!configuration.installation.usable)
        throw Error(ErrorKind::invalid, base::tr("la configuración tiene errores:") + "\n" +
                                            configuration.installation.problems.text());
    config::Draft draft{asked.slug, text_of(asked, configuration)};
    const auto file = paths.config() / draft.name();
    if (fs::exists(fs::symlink_status(file)))
        throw Error(ErrorKind::conflict,
                    base::tr("ya existe un municipio con el nombre corto «{}»: elija otro", asked.slug));
    refuse_taken(asked, configuration.installation);
    refuse_wrong(read_configuration(paths, paths.config(), &draft).installation, draft.name());
    return draft;
}

}  // namespace kernel::runtime
