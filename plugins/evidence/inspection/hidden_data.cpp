#include "plugins/evidence/inspection/hidden_data.hpp"

#include "plugins/evidence/inspection/finder.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <algorithm>

namespace evidence::inspection {
namespace {

using concejo::N_;

struct Text {
    std::string_view code;
    const char* text;
};
constexpr Text texts[] = {
    {"earlier_revisions", N_("Guarda versiones anteriores del documento, que cualquiera puede recuperar")},
    {"unused_objects", N_("Guarda contenido que ya no se muestra, que cualquiera puede recuperar")},
    {"metadata", N_("Dice quién o con qué se hizo")},
    {"xmp_metadata", N_("Lleva metadatos XMP, que pueden nombrar a personas y programas")},
    {"private_data", N_("Lleva datos propios del programa con que se hizo")},
    {"comment", N_("Tiene un comentario o una marca de revisión")},
    {"hidden_annotation", N_("Tiene una anotación oculta")},
    {"attachment", N_("Lleva un archivo adjunto")},
    {"hidden_layer", N_("Tiene una capa que no se muestra")},
    {"javascript", N_("Contiene código JavaScript")},
    {"action",
     N_("Hace algo al abrirlo o al pulsar: abrir otro programa, enviar datos o ir a una dirección")},
    {"form_value", N_("Tiene un campo de formulario relleno")},
    {"hidden_field", N_("Tiene un campo de formulario oculto")},
    {"outside_page", N_("Tiene contenido fuera de la parte visible de la página")},
    {"thumbnail", N_("Lleva miniaturas de las páginas, que pueden ser de una versión anterior")},
    {"bad_signature", N_("Lleva una firma que no vale")},
    {"damaged", N_("Su estructura está dañada: puede haber más de lo que se ha podido mirar")}};

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
