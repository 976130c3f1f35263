#include "plugins/evidence/eni/shape.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/eni/names.hpp"

#include <algorithm>
#include <regex>

namespace evidence::eni {
namespace {

using Problems = std::vector<std::string>;
using Texts = std::vector<const char*>;

std::string trimmed(const std::string& text) {
    const auto from = text.find_first_not_of(" \t\r\n");
    return from == std::string::npos ? std::string()
                                     : text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

/// The children of one element, in their order.
class Children {
public:
    Children(xmlNode* parent, Problems& problems) : parent_(parent), problems_(problems) {
        for (auto* node = parent ? parent->children : nullptr; node; node = node->next)
            if (node->type == XML_ELEMENT_NODE) all_.push_back(node);
    }
    bool next_is(const char* space, const char* name) const {
        return at_ < all_.size() && xml::is(all_[at_], space, name);
    }
    xmlNode* take() { return all_[at_++]; }
    xmlNode* maybe(const char* space, const char* name) { return next_is(space, name) ? take() : nullptr; }
    xmlNode* need(const char* space, const char* name) {
        auto* found = maybe(space, name);
        if (!found)
            tell(std::string("falta ") + name +
                 (at_ < all_.size() ? " antes de " + xml::local_name(all_[at_]) : ""));
        return found;
    }
    void end() {
        if (at_ < all_.size()) tell("sobra " + xml::local_name(all_[at_]));
    }
    void tell(const std::string& what) {
        if (parent_ && problems_.size() < 50) problems_.push_back(xml::local_name(parent_) + ": " + what);
    }

private:
    xmlNode* parent_;
    Problems& problems_;
    std::vector<xmlNode*> all_;
    std::size_t at_ = 0;
};

struct Shape {
    Problems problems;

    void wrong(const xmlNode* node, const std::string& what) {
        if (problems.size() < 50) problems.push_back(xml::local_name(node) + ": " + what);
    }
    std::string text(xmlNode* node) {
        if (!node) return {};
        for (auto* inside = node->children; inside; inside = inside->next)
            if (inside->type == XML_ELEMENT_NODE) {
                wrong(node, "lleva elementos y debería llevar texto");
                break;
            }
        return trimmed(xml::content(node));
    }
    void filled(xmlNode* node) {
        if (node && text(node).empty()) wrong(node, "está vacío");
    }
    void one_of(xmlNode* node, const Texts& values) {
        const auto said = text(node);
        if (node &&
            std::none_of(values.begin(), values.end(), [&](const char* value) { return said == value; }))
            wrong(node, "«" + said.substr(0, 40) + "» no es ninguno de sus valores");
    }
    void date(xmlNode* node) {
        static const std::regex form(
            R"(-?\d{4,}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-4]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-]([01]\d):[0-5]\d)?)");
        if (node && !std::regex_match(text(node).substr(0, 60), form))
            wrong(node, "no es una fecha con hora");
    }
    void base64(xmlNode* node) {
        if (node && !crypto::unbase64(xml::without_blanks(xml::content(node)))) wrong(node, "no es base64");
    }

    void firma(xmlNode* node) {
        Children all(node, problems);
        one_of(all.need(firma_ns, "TipoFirma"), {"TF01", "TF02", "TF03", "TF04", "TF05", "TF06"});
        auto* content = all.need(firma_ns, "ContenidoFirma");
        all.end();
        if (!content) return;
        Children choice(content, problems);
        if (auto* csv = choice.maybe(firma_ns, "CSV")) {
            Children parts(csv, problems);
            filled(parts.need(firma_ns, "ValorCSV"));
            filled(parts.need(firma_ns, "RegulacionGeneracionCSV"));
            parts.end();
        } else if (auto* signature = choice.need(firma_ns, "FirmaConCertificado")) {
            Children kind(signature, problems);
            if (kind.next_is(firma_ns, "FirmaBase64"))
                base64(kind.take());
            else if (kind.next_is(xml::ds, "Signature") || kind.next_is(firma_ns, "ReferenciaFirma"))
                kind.take();
            else
                kind.tell("no lleva ninguna firma");
            kind.end();
        }
        choice.end();
    }
    void firmas(xmlNode* node) {
        if (!node) return;
        Children all(node, problems);
        firma(all.need(firma_ns, "firma"));
        while (auto* one = all.maybe(firma_ns, "firma")) firma(one);
        all.end();
    }

    void contenido(xmlNode* node) {
        if (!node) return;
        Children all(node, problems);
        if (all.next_is(contenido_ns, "ValorBinario"))
            base64(all.take());
        else if (all.next_is(contenido_ns, "DatosXML") || all.next_is(contenido_ns, "referenciaFichero"))
            all.take();
        else
            all.tell("no lleva contenido");
        filled(all.need(contenido_ns, "NombreFormato"));
        all.end();
    }
    void metadatos(xmlNode* node) {
        if (!node) return;
        Children all(node, problems);
        filled(all.need(metadatos_ns, "VersionNTI"));
        filled(all.need(metadatos_ns, "Identificador"));
        filled(all.need(metadatos_ns, "Organo"));
        while (auto* more = all.maybe(metadatos_ns, "Organo")) filled(more);
        date(all.need(metadatos_ns, "FechaCaptura"));
        one_of(all.need(metadatos_ns, "OrigenCiudadanoAdministracion"), {"true", "false", "1", "0"});
        if (auto* state = all.need(metadatos_ns, "EstadoElaboracion")) {
            Children parts(state, problems);
            auto* value = parts.need(metadatos_ns, "ValorEstadoElaboracion");
            one_of(value, {"EE01", "EE02", "EE03", "EE04", "EE99"});
            auto* source = parts.maybe(metadatos_ns, "IdentificadorDocumentoOrigen");
            filled(source);
            parts.end();
        }
        if (auto* kind = all.need(metadatos_ns, "TipoDocumental")) {
            const auto said = text(kind);
            static const std::regex form("TD(0[1-9]|1[0-9]|20|99)");
            if (!std::regex_match(said.substr(0, 20), form)) wrong(kind, "no es ninguno de sus valores");
        }
        all.end();
    }
    void documento(xmlNode* node) {
        Children all(node, problems);
        contenido(all.need(contenido_ns, "contenido"));
        metadatos(all.need(metadatos_ns, "metadatos"));
        firmas(all.maybe(firma_ns, "firmas"));
        all.end();
    }

    void indizados(Children& all, int depth) {
        const auto any = [&] {
            return all.next_is(indice_contenido_ns, "DocumentoIndizado") ||
                   all.next_is(indice_contenido_ns, "ExpedienteIndizado") ||
                   all.next_is(indice_contenido_ns, "CarpetaIndizada");
        };
        if (!any()) all.tell("no indiza nada");
        while (any()) {
            auto* one = all.take();
            if (depth > 20)
                wrong(one, "está demasiado adentro");
            else if (xml::is(one, indice_contenido_ns, "DocumentoIndizado"))
                documento_indizado(one);
            else if (xml::is(one, indice_contenido_ns, "ExpedienteIndizado"))
                contenido_del_indice(one, depth + 1);
            else {
                Children inside(one, problems);
                filled(inside.need(indice_contenido_ns, "IdentificadorCarpeta"));
                indizados(inside, depth + 1);
            }
        }
        all.end();
    }
    void documento_indizado(xmlNode* node) {
        Children all(node, problems);
        for (const char* name : {"IdentificadorDocumento", "ValorHuella", "FuncionResumen"})
            filled(all.need(indice_contenido_ns, name));
        date(all.maybe(indice_contenido_ns, "FechaIncorporacionExpediente"));
        all.maybe(indice_contenido_ns, "OrdenDocumentoExpediente");
        all.end();
    }
    void contenido_del_indice(xmlNode* node, int depth) {
        if (!node) return;
        Children all(node, problems);
        date(all.need(indice_contenido_ns, "FechaIndiceElectronico"));
        indizados(all, depth);
    }
    void expediente(xmlNode* node) {
        Children all(node, problems);
        if (auto* index = all.need(indice_ns, "indice")) {
            Children parts(index, problems);
            contenido_del_indice(parts.need(indice_ns, "IndiceContenido"), 0);
            firmas(parts.need(firma_ns, "firmas"));
            parts.end();
        }
        if (auto* meta = all.need(expediente_meta_ns, "metadatosExp")) {
            Children parts(meta, problems);
            filled(parts.need(expediente_meta_ns, "VersionNTI"));
            filled(parts.need(expediente_meta_ns, "Identificador"));
            filled(parts.need(expediente_meta_ns, "Organo"));
            while (auto* more = parts.maybe(expediente_meta_ns, "Organo")) filled(more);
            date(parts.need(expediente_meta_ns, "FechaAperturaExpediente"));
            filled(parts.need(expediente_meta_ns, "Clasificacion"));
            one_of(parts.need(expediente_meta_ns, "Estado"), {"E01", "E02", "E03"});
            while (auto* who = parts.maybe(expediente_meta_ns, "Interesado")) filled(who);
            parts.end();
        }
        if (auto* shown = all.maybe(expediente_ns, "VisualizacionIndice")) contenido(shown);
        all.end();
    }
};

}  // namespace

std::vector<std::string> wrong_in_documento(xmlNode* node) {
    Shape shape;
    shape.documento(node);
    return std::move(shape.problems);
}

std::vector<std::string> wrong_in_expediente(xmlNode* node) {
    Shape shape;
    shape.expediente(node);
    return std::move(shape.problems);
}

}  // namespace evidence::eni
