// Proof of what is published, for other plugins: evidence:1, typed. Header only; needs the SDK and nothing
// else.
//
//   requires "bus/1 blobs/1" and, in the descriptor, "evidence:1" among the optional ones
//   const concejo::services::Evidence evidence(call, tx);
//   const auto sealed = evidence.seal({.documento = "sede.2026-0043.0", .sha256 = …});
//   if (sealed) … sealed->csv; nothing: the municipality has no evidence module
#pragma once

#include <concejo/call.hpp>

namespace concejo::inline v1::services {

struct ParaSellar {
    std::string documento;  ///< the module's own name for it, unique for ever: 1 to 64 of A-Z a-z 0-9 . _ : -
    std::string sha256;     ///< of a blob that the calling plugin holds
    std::string nombre;     ///< of the file
    std::string titulo, idioma = "es";
    std::string direccion;            ///< path of its page without language: "/tablon/2026-0043"
    Json metadatos = Json::object();  ///< texts by name, as they come to be in the bundle
    bool publicado = true;            ///< its exposure begins now; false: publish() will tell
    std::string ruta =
        {};  ///< path of the file itself, without language: its availability is watched; empty: is not
    std::optional<std::int64_t> hasta =
        {};                ///< end of its exposure, Unix seconds; nothing: until it is withdrawn
    std::string csv = {};  ///< of what compose() made, which carries it; empty: a new one
};

struct Sellado {
    std::string csv;           ///< 27 letters and digits
    std::string csv_legible;   ///< in groups of four
    std::string sellado_en;    ///< RFC 3339, UTC
    std::string verificacion;  ///< absolute address that a QR code carries
};

/// Whether the municipality has the module. One that is in quarantine counts: what needs proof then waits.
inline bool has_evidence(const Call& call) {
    const Json town = call.municipality();
    for (const auto& module : town.at("modules").as_array()) {
        if (module.as_string() == "evidence") return true;
    }
    return false;
}

/// Everything is part of the transaction that it is given: sealed, logged and published, or nothing of it.
class Evidence {
public:
    Evidence(const Call& call, Transaction& tx) : call_(call), tx_(tx) {}

    /// Nothing where the municipality does without the module. Again for the same document and content: what
    /// there is. Error{conflict} for the same document with another content; Error{unavailable} where the
    /// seal cannot be used.
    std::optional<Sellado> seal(const ParaSellar& what) const {
        const auto said = ask("sellar", Json::object({{"documento", what.documento},
                                                      {"sha256", what.sha256},
                                                      {"nombre", what.nombre},
                                                      {"titulo", what.titulo},
                                                      {"idioma", what.idioma},
                                                      {"direccion", what.direccion},
                                                      {"metadatos", what.metadatos},
                                                      {"publicado", what.publicado},
                                                      {"ruta", what.ruta},
                                                      {"hasta", what.hasta ? Json(*what.hasta) : Json()},
                                                      {"csv", what.csv}}));
        if (!said) return std::nullopt;
        return Sellado{said->string_or("csv", ""), said->string_or("csv_legible", ""),
                       said->string_or("sellado_en", ""), said->string_or("verificacion", "")};
    }
    /// The exposure of what was sealed before begins. Does nothing where it had begun.
    void publish(std::string_view csv) const { ask("publicar", Json::object({{"csv", csv}})); }
    /// It is exposed no more. Does nothing where it had been withdrawn.
    void withdraw(std::string_view csv) const { ask("retirar", Json::object({{"csv", csv}})); }

private:
    std::optional<Json> ask(std::string_view method, const Json& message) const {
        return has_evidence(call_) ? std::optional(call_.ask_service("evidence:1", method, message, &tx_))
                                   : std::nullopt;
    }
    const Call& call_;
    Transaction& tx_;
};

/// A document that the municipality writes: PDF/A-1b, tagged, with its shield, its code and a QR on each page, and its seal
/// inside. To be stored by who asked, and given to seal() with its code, or its code leads nowhere.
struct Compuesto {
    std::string csv, csv_legible;
    std::string pdf;  ///< base64
};

/// `model`: {"title", "blocks": […], "subject", "language", "unit"}; blocks are objects of one member: {"heading": {"level",
/// "text"}}, {"paragraph": {"text", "align"}}, {"list": {"items", "numbered"}}, {"definitions": [{"label", "value"}]}, {"table":
/// {"caption", "columns": [{"header", "align"}], "rows", "row_headers"}}, {"note": {"title", "text", "warning"}},
/// {"page_break": {}}, {"signature_space": {}}. Nothing where the municipality does without the module; Error{invalid} for what
/// is no model. Runs a helper program: not while a transaction is open.
inline std::optional<Compuesto> compose(const Call& call, const Json& model) {
    if (!has_evidence(call)) return std::nullopt;
    const Json said = call.ask_service("evidence:1", "componer", Json::object({{"modelo", model}}));
    return Compuesto{said.string_or("csv", ""), said.string_or("csv_legible", ""), said.string_or("pdf", "")};
}

/// Something that a PDF carries and its pages do not show.
struct DatoOculto {
    std::string codigo, texto, donde, detalle;
    bool comun() const { return codigo == "metadata" || codigo == "xmp_metadata"; }  ///< in nearly every PDF
};

/// Of a stored PDF; nothing where the municipality does without the module. Runs a helper program: not while
/// a transaction is open.
inline std::vector<DatoOculto> hidden_data(const Call& call, std::string_view sha256) {
    std::vector<DatoOculto> all;
    if (!has_evidence(call)) return all;
    const Json said = call.ask_service("evidence:1", "inspeccionar", Json::object({{"sha256", sha256}}));
    for (const auto& one : said.at("hallazgos").as_array())
        all.push_back({one.string_or("codigo", ""), one.string_or("texto", ""), one.string_or("donde", ""),
                       one.string_or("detalle", "")});
    return all;
}

struct PorFirmar {
    std::string
        bytes;  ///< base64: to be signed with SHA-256 and the certificate's key (RSA PKCS#1 v1.5 or ECDSA)
    std::string estado;  ///< for finish_signature(); may wait in a table
};

/// First phase of a signature made elsewhere: by a citizen's AutoFirma, by a civil servant's card. `formato`: "PAdES", "CAdES"
/// (detached) or "XAdES" (enveloped, of an XML that nobody has signed yet); `sha256`: of a blob of the caller's; `certificado`: PEM, the signer's and then its authorities'. Nothing where the
/// municipality does without the module; Error{invalid} for what cannot be signed. Not while a transaction is open.
inline std::optional<PorFirmar> prepare_signature(const Call& call, std::string_view formato,
                                                  std::string_view sha256, std::string_view certificado,
                                                  std::string_view motivo = "") {
    if (!has_evidence(call)) return std::nullopt;
    const Json said = call.ask_service(
        "evidence:1", "preparar-firma",
        Json::object(
            {{"formato", formato}, {"sha256", sha256}, {"certificado", certificado}, {"motivo", motivo}}));
    return PorFirmar{said.string_or("por_firmar", ""), said.string_or("estado", "")};
}

/// Second phase: base64 of the signed PDF or XML, or of the detached CMS, with a timestamp where somebody gives one. `firma` is base64.
/// Error{invalid} where it is not that certificate's, of those bytes. Not while a transaction is open.
inline std::string finish_signature(const Call& call, std::string_view estado, std::string_view firma) {
    return call
        .ask_service("evidence:1", "terminar-firma", Json::object({{"estado", estado}, {"firma", firma}}))
        .string_or("firmado", "");
}

/// One that the municipality seals with, or has sealed with.
struct SelloUsado {
    std::string titular, emisor;
    std::int64_t hasta = 0;  ///< its certificate's end, Unix seconds
};

/// The newest first; none where nothing was sealed yet.
inline std::vector<SelloUsado> seals(const Call& call) {
    std::vector<SelloUsado> all;
    if (!has_evidence(call)) return all;
    const Json said = call.ask_service("evidence:1", "sellos", Json::object());
    for (const auto& one : said.at("sellos").as_array())
        all.push_back({one.string_or("titular", ""), one.string_or("emisor", ""), one.int_or("hasta", 0)});
    return all;
}

/// "/verificar?csv=…", to be put through Call::url().
inline std::string verification_path(std::string_view csv) { return "/verificar?csv=" + std::string(csv); }

/// Of a PDF of at most 16 MiB: with its code and a QR on each page, the municipality's seal inside.
inline std::string sealed_copy_path(std::string_view csv) {
    return "/verificar/" + std::string(csv) + "/copia";
}

}  // namespace concejo::inline v1::services
