#include "plugins/evidence/eni/import.hpp"

#include "plugins/evidence/crypto/encoding.hpp"
#include "plugins/evidence/eni/archive.hpp"
#include "plugins/evidence/eni/names.hpp"
#include "plugins/evidence/eni/shape.hpp"
#include "plugins/evidence/validation/pdf.hpp"
#include "plugins/evidence/validation/xml.hpp"

#include <concejo/error.hpp>
#include <concejo/text.hpp>

#include <openssl/evp.h>

#include <algorithm>

namespace evidence::eni {
namespace {

using concejo::Json;
using concejo::N_;
using validation::Verdict;

struct Text {
    const char *code, *text;
};
constexpr Text texts[] = {
    {"unreadable", N_("No es un documento ni un expediente ENI que se pueda leer")},
    {"shape", N_("No tiene la forma que fija el esquema del ENI")},
    {"no_signature", N_("No lleva ninguna firma electrónica")},
    {"content_unsigned", N_("Ninguna firma con certificado cubre el contenido")},
    {"metadata_unsigned", N_("Los metadatos no están firmados: los dice quien lo envía")},
    {"index_unsigned", N_("Ninguna firma cubre el índice: el expediente no está foliado")},
    {"csv", N_("Lleva un código seguro de verificación, que se comprueba en la sede de quien lo emitió")},
    {"signature_not_read", N_("Lleva una firma de una clase que aquí no se sabe comprobar")},
    {"content_elsewhere", N_("El contenido está en otro archivo, que no ha llegado")},
    {"document_missing", N_("Falta un documento del índice")},
    {"document_extra", N_("Ha llegado un documento que no está en el índice")},
    {"document_twice", N_("Dos documentos tienen el mismo identificador")},
    {"hash_wrong", N_("La huella del índice no es la del documento que ha llegado")},
    {"hash_unknown", N_("La huella del índice usa una función que aquí no se conoce")},
    {"hash_weak", N_("La huella del índice usa una función que ya no es segura")},
};

class Findings {
public:
    void add(Verdict effect, const char* code, std::string detail = {}) {
        verdict_ = std::max(verdict_, effect);
        const auto* found = std::find_if(std::begin(texts), std::end(texts),
                                         [&](const Text& one) { return std::string_view(one.code) == code; });
        constexpr const char* effects[] = {"dato", "duda", "fallo"};
        list_.push_back(Json::object({{"efecto", effects[static_cast<int>(effect)]},
                                      {"codigo", code},
                                      {"texto", found->text},
                                      {"detalle", std::move(detail)}}));
    }
    void add(const validation::Report& report) {
        verdict_ = std::max(verdict_, report.verdict);
        const Json said = validation::to_json(report);
        for (const auto& one : said.at("signatures").as_array()) signatures_.push_back(one);
        for (const auto& one : said.at("reasons").as_array())
            if (one.string_or("code", "") != "no_signature")
                list_.push_back(
                    Json::object({{"efecto", report.verdict == Verdict::failed ? "fallo" : "duda"},
                                  {"codigo", one.string_or("code", "")},
                                  {"texto", one.string_or("text", "")},
                                  {"detalle", one.string_or("detail", "")}}));
    }
    void worsen(Verdict verdict) { verdict_ = std::max(verdict_, verdict); }
    Verdict verdict() const { return verdict_; }
    Json told(const char* kind, const std::string& identifier, Json metadata) const {
        constexpr const char* verdicts[] = {"correcto", "indeterminado", "incorrecto"};
        return Json::object({{"tipo", kind},
                             {"identificador", identifier},
                             {"veredicto", verdicts[static_cast<int>(verdict_)]},
                             {"metadatos", std::move(metadata)},
                             {"hallazgos", list_},
                             {"firmas", signatures_}});
    }

private:
    Verdict verdict_ = Verdict::passed;
    Json list_ = Json::array(), signatures_ = Json::array();
};

/// Texts by name; a list where one repeats.
Json metadata_of(xmlNode* node) {
    Json all = Json::object();
    for (auto* one = node ? node->children : nullptr; one; one = one->next) {
        if (one->type != XML_ELEMENT_NODE) continue;
        const auto name = xml::local_name(one);
        if (name == "EstadoElaboracion") {
            all[name] = xml::content(xml::child(one, metadatos_ns, "ValorEstadoElaboracion"));
            if (auto* source = xml::child(one, metadatos_ns, "IdentificadorDocumentoOrigen"))
                all["IdentificadorDocumentoOrigen"] = xml::content(source);
            continue;
        }
        const auto value = xml::content(one).substr(0, 500);
        if (!all.find(name))
            all[name] = value;
        else if (all[name].is_array())
            all[name].push_back(value);
        else
            all[name] = Json::array({all[name], value});
    }
    return all;
}

/// By Id, which no other element has (that is judged apart): a signed element of the same name in another place is none.
bool covers(const validation::Report& report, std::initializer_list<xmlNode*> nodes) {
    for (const auto* node : nodes) {
        if (!node) continue;
        std::string id;
        for (const char* name : {"Id", "ID", "id"})
            if (id.empty()) id = xml::attribute(node, name);
        const auto whole = node == xmlDocGetRootElement(node->doc) ? xml::local_name(node) : std::string();
        const auto part = id.empty() ? std::string() : xml::local_name(node) + " #" + id;
        for (const auto& one : report.signatures)
            for (const auto& covered : one.covers)
                if (covered == whole || covered == part) return true;
    }
    return false;
}

std::string decoded(xmlNode* node) {
    return crypto::unbase64(xml::without_blanks(xml::content(node))).value_or(std::string());
}

/// The signatures of `firmas` that are not XML's; says whether one of them is of the content.
bool judge_other_signatures(xmlNode* firmas, const std::optional<std::string>& content,
                            const validation::Options& options, Findings& findings) {
    bool of_content = false;
    for (auto* one : xml::find_all(firmas, firma_ns, "firma")) {
        const auto kind = xml::without_blanks(xml::content(xml::child(one, firma_ns, "TipoFirma")));
        auto* holder = xml::child(one, firma_ns, "ContenidoFirma");
        if (auto* csv = xml::child(holder, firma_ns, "CSV")) {
            findings.add(Verdict::passed, "csv",
                         xml::content(xml::child(csv, firma_ns, "ValorCSV")).substr(0, 200));
            continue;
        }
        auto* certificate = xml::child(holder, firma_ns, "FirmaConCertificado");
        auto* base64 = xml::child(certificate, firma_ns, "FirmaBase64");
        if (xml::child(certificate, xml::ds, "Signature")) continue;  // judged with the XML
        if (kind == "TF04" && base64 && content) {
            findings.add(validation::validate_cms(decoded(base64), *content, options));
            of_content = true;
        } else if (kind == "TF05" && base64) {
            findings.add(validation::validate_cms(decoded(base64), std::nullopt, options));
            of_content = true;
        } else if (kind == "TF06" && content) {
            findings.add(validation::validate_pdf(*content, options));
            of_content = true;
        } else {
            findings.add(Verdict::indeterminate, "signature_not_read", kind);
        }
    }
    return of_content;
}

std::optional<std::string> content_of(xmlNode* documento, Findings& findings) {
    auto* content = xml::child(documento, contenido_ns, "contenido");
    if (auto* bytes = xml::child(content, contenido_ns, "ValorBinario")) return decoded(bytes);
    if (auto* where = xml::child(content, contenido_ns, "referenciaFichero"))
        findings.add(Verdict::indeterminate, "content_elsewhere", xml::content(where).substr(0, 200));
    return std::nullopt;
}

struct Judged {
    Json report;
    Verdict verdict = Verdict::passed;
    std::string identifier;
    std::optional<std::string> content;
};

Judged judge_documento(xmlNode* node, std::string_view file, const validation::Options& options) {
    Findings findings;
    for (auto& problem : wrong_in_documento(node)) findings.add(Verdict::failed, "shape", std::move(problem));
    auto *firmas = xml::child(node, firma_ns, "firmas"),
         *content = xml::child(node, contenido_ns, "contenido"),
         *metadata = xml::child(node, metadatos_ns, "metadatos");
    Judged judged;
    judged.content = content_of(node, findings);
    const bool xml_signed = xml::find(node, xml::ds, "Signature") != nullptr;
    bool of_content = false;
    if (xml_signed) {
        const auto report = validation::validate_xml(file, options);
        of_content = covers(report, {content, xml::child(content, contenido_ns, "ValorBinario"),
                                     xml::child(content, contenido_ns, "DatosXML"), node});
        if (!covers(report, {metadata, node})) findings.add(Verdict::passed, "metadata_unsigned");
        findings.add(report);
    }
    of_content |= judge_other_signatures(firmas, judged.content, options, findings);
    if (!firmas)
        findings.add(Verdict::indeterminate, "no_signature");
    else if (!of_content)
        findings.add(Verdict::indeterminate, "content_unsigned");
    judged.identifier =
        xml::without_blanks(xml::content(xml::child(metadata, metadatos_ns, "Identificador"))).substr(0, 200);
    judged.report = findings.told("documento", judged.identifier, metadata_of(metadata));
    judged.verdict = findings.verdict();
    return judged;
}

/// A documento that came with an expediente.
struct Arrived {
    Judged judged;
    std::string file;
    bool used = false;
};

const EVP_MD* function_named(std::string name, bool& weak) {
    std::erase_if(name, [](char c) { return c == '-' || c == '_' || c == ' ' || c == '\n' || c == '\t'; });
    for (auto& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    weak = name.ends_with("sha1") || name.ends_with("md5");
    for (const char* known : {"sha1", "sha224", "sha256", "sha384", "sha512"})
        if (name.ends_with(known)) return EVP_get_digestbyname(known);
    return nullptr;
}

bool digest_is(const EVP_MD* function, std::string_view bytes, const std::string& said) {
    unsigned char made[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (EVP_Digest(bytes.data(), bytes.size(), made, &size, function, nullptr) != 1) return false;
    const std::string_view digest(reinterpret_cast<const char*>(made), size);
    auto lower = said;
    for (auto& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return said == crypto::base64(digest) || lower == crypto::hex(digest);
}

/// Of the whole file, as it came, or of the content in it: administrations do either.
const char* judge_hash(xmlNode* entry, const Arrived& one, Findings& findings) {
    bool weak = false;
    const auto named = xml::content(xml::child(entry, indice_contenido_ns, "FuncionResumen")).substr(0, 100);
    const auto* function = function_named(named, weak);
    const auto said =
        xml::without_blanks(xml::content(xml::child(entry, indice_contenido_ns, "ValorHuella")));
    const auto& id = one.judged.identifier;
    if (!function)
        return findings.add(Verdict::indeterminate, "hash_unknown", id + ": " + named), "no-comprobada";
    if (!digest_is(function, one.file, said) &&
        !(one.judged.content && digest_is(function, *one.judged.content, said)))
        return findings.add(Verdict::failed, "hash_wrong", id), "incorrecta";
    if (weak) findings.add(Verdict::indeterminate, "hash_weak", id + ": " + named);
    return "correcta";
}

std::string identifier_in(xmlNode* entry) {
    return xml::without_blanks(xml::content(xml::child(entry, indice_contenido_ns, "IdentificadorDocumento")))
        .substr(0, 200);
}

Json judge_documents(xmlNode* index, std::map<std::string, Arrived>& arrived, Findings& findings) {
    Json all = Json::array();
    for (auto* entry : xml::find_all(index, indice_contenido_ns, "DocumentoIndizado")) {
        const auto id = identifier_in(entry);
        const auto found = arrived.find(id);
        if (found == arrived.end()) {
            findings.add(Verdict::indeterminate, "document_missing", id);
            all.push_back(Json::object({{"identificador", id}, {"huella", "ausente"}}));
            continue;
        }
        found->second.used = true;
        Json told = found->second.judged.report;
        told["huella"] = judge_hash(entry, found->second, findings);
        findings.worsen(found->second.judged.verdict);
        all.push_back(std::move(told));
    }
    for (const auto& [id, one] : arrived)
        if (!one.used) findings.add(Verdict::indeterminate, "document_extra", id);
    return all;
}

Json judge_expediente(xmlNode* node, std::string_view file, std::map<std::string, Arrived>& arrived,
                      const std::vector<std::string>& repeated, const validation::Options& options) {
    Findings findings;
    for (auto& problem : wrong_in_expediente(node))
        findings.add(Verdict::failed, "shape", std::move(problem));
    for (const auto& id : repeated) findings.add(Verdict::failed, "document_twice", id);
    auto *index = xml::child(node, indice_ns, "indice"),
         *contents = xml::child(index, indice_ns, "IndiceContenido");
    bool signed_index = false;
    if (xml::find(node, xml::ds, "Signature")) {
        const auto report = validation::validate_xml(file, options);
        signed_index = covers(report, {contents, node});
        findings.add(report);
    }
    judge_other_signatures(xml::child(index, firma_ns, "firmas"), std::nullopt, options, findings);
    if (!signed_index) findings.add(Verdict::indeterminate, "index_unsigned");
    auto* metadata = xml::child(node, expediente_meta_ns, "metadatosExp");
    Json documents = judge_documents(contents, arrived, findings);
    Json told = findings.told(
        "expediente",
        xml::without_blanks(xml::content(xml::child(metadata, expediente_meta_ns, "Identificador")))
            .substr(0, 200),
        metadata_of(metadata));
    told["documentos"] = std::move(documents);
    return told;
}

Json unreadable(const std::string& why) {
    Findings findings;
    findings.add(Verdict::failed, "unreadable", why);
    return findings.told("desconocido", "", Json::object());
}

Json judge_files(const std::map<std::string, std::string>& files, const validation::Options& options) {
    std::map<std::string, Arrived> arrived;
    std::vector<std::string> repeated;
    std::optional<xml::Document> expediente;
    std::string_view of_expediente;
    for (const auto& [name, bytes] : files) {
        std::optional<xml::Document> read;
        try {
            read.emplace(bytes);
        } catch (const concejo::Error&) {
            continue;  // notes, pictures, signatures apart
        }
        if (xml::is(read->root(), expediente_ns, "expediente")) {
            if (expediente) return unreadable(name);
            expediente = std::move(read);
            of_expediente = bytes;
        } else if (xml::is(read->root(), documento_ns, "documento")) {
            auto judged = judge_documento(read->root(), bytes, options);
            const auto id = judged.identifier;
            if (!arrived.emplace(id, Arrived{std::move(judged), bytes, false}).second) repeated.push_back(id);
        }
    }
    if (expediente) return judge_expediente(expediente->root(), of_expediente, arrived, repeated, options);
    if (arrived.size() == 1 && repeated.empty()) return arrived.begin()->second.judged.report;
    return unreadable("");
}

}  // namespace

Json judge_received(std::string_view file, const validation::Options& options) {
    try {
        if (!file.starts_with("PK")) return judge_files({{"archivo", std::string(file)}}, options);
        const auto files = unzip(file);
        return files ? judge_files(*files, options) : unreadable("zip");
    } catch (const std::exception& error) {
        return unreadable(error.what());
    }
}

}  // namespace evidence::eni
