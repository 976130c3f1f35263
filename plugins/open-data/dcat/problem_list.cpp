#include "problem_list.hpp"

#include "describer.hpp"

namespace open_data::dcat {

using concejo::N_;

void ProblemList::error(std::string where, const char* what, const char* remedy, Values values) {
    problems_.push_back({Severity::error, std::move(where), what, remedy, std::move(values)});
}

void ProblemList::warning(std::string where, const char* what, const char* remedy, Values values) {
    problems_.push_back({Severity::warning, std::move(where), what, remedy, std::move(values)});
}

void ProblemList::text(const std::string& where, const Texts& texts, const char* missing) {
    bool spanish = false;
    for (const auto& [language, value] : texts) {
        const auto tag = language_tag(language);
        if (tag.empty()) {
            error(where, N_("«{idioma}» no es el código de un idioma."),
                  N_("Use el código de dos letras: es, ca, gl, eu, en."), {{"idioma", language}});
        } else if (clean_text(value).empty()) {
            warning(where, N_("El texto en «{idioma}» está vacío."), N_("Escríbalo o quite ese idioma."),
                    {{"idioma", tag}});
        } else if (tag == "es") {
            spanish = true;
        }
    }
    if (!spanish) error(where, missing, N_("Hace falta en español; en otros idiomas, si se quiere."));
}

void ProblemList::address(const std::string& where, const std::string& url) {
    if (url.empty()) return;
    if (!is_web_url(url)) {
        error(where, N_("«{url}» no es una dirección web completa."),
              N_("Escríbala entera, con http:// o https:// y el nombre del servidor; un nombre con acentos o "
                 "eñe, en su forma xn--."),
              {{"url", url}});
    } else if (encode_uri(url) != url) {
        warning(where, N_("La dirección «{url}» tiene espacios o signos que se publicarán codificados."),
                N_("Compruebe que «{codificada}» se abre."), {{"url", url}, {"codificada", encode_uri(url)}});
    }
}

void ProblemList::dates(const std::string& where, const std::optional<Instant>& issued,
                        const std::optional<Instant>& modified) {
    const char* future = N_("La fecha {fecha} está en el futuro.");
    const char* remedy = N_("Ponga la fecha en que ocurrió.");
    if (issued && *issued > now_) error(under(where, "issued"), future, remedy, {{"fecha", iso(*issued)}});
    if (modified && *modified > now_)
        error(under(where, "modified"), future, remedy, {{"fecha", iso(*modified)}});
    if (issued && modified && *modified < *issued)
        error(under(where, "modified"),
              N_("La última modificación ({modificado}) es anterior a la publicación ({publicado})."),
              N_("Corrija una de las dos fechas."),
              {{"modificado", iso(*modified)}, {"publicado", iso(*issued)}});
}

void ProblemList::code(const std::string& where, const std::string& code, bool known) {
    if (code.empty() || known) return;
    error(where, N_("«{valor}» no está en el vocabulario."), N_("Elija uno de los valores de la lista."),
          {{"valor", code}});
}

void ProblemList::license(const std::string& where, const std::string& license) {
    if (license.empty()) {
        error(where, N_("Falta la licencia."),
              N_("Elija con qué licencia se pueden reutilizar los datos, por ejemplo CC BY 4.0."));
    } else if (find_license(license)) {
        return;
    } else if (is_web_url(license)) {
        warning(where, N_("La licencia «{valor}» no está en el vocabulario europeo."),
                N_("Si puede, elija una de la lista: así se sabe qué permite."), {{"valor", license}});
    } else {
        code(where, license, false);
    }
}

void ProblemList::publisher(const std::string& where, const Agent& agent) {
    if (publisher_uri(agent).empty())
        error(under(where, "dir3"), N_("«{codigo}» no es un código DIR3."),
              N_("Escriba el código del organismo en DIR3, que datos.gob.es debe haber dado de alta: una "
                 "letra y ocho letras o cifras."),
              {{"codigo", agent.dir3}});
    text(under(where, "name"), agent.name, N_("Falta el nombre del organismo."));
}

std::string under(const std::string& path, const char* field) { return path + "/" + field; }
std::string under(const std::string& path, std::size_t index) { return path + "/" + std::to_string(index); }

bool has_errors(const std::vector<Problem>& problems) {
    for (const auto& problem : problems) {
        if (problem.severity == Severity::error) return true;
    }
    return false;
}

}  // namespace open_data::dcat
