#include "copies.hpp"

#include "eni.hpp"
#include "sdk.hpp"
#include "seal_pdf.hpp"
#include "tool.hpp"

#include "plugins/evidence/crypto/encoding.hpp"

#include <concejo/services/evidence.hpp>

#include <openssl/rand.h>

#include <algorithm>

namespace evidence {

namespace {

std::string random_bytes(std::size_t count) {
    std::string bytes(count, '\0');
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
        throw Error(ErrorKind::internal, "no hay números aleatorios");
    return bytes;
}

const char* condition_named(std::string_view estado) {
    return estado == "EE02"   ? N_("Copia electrónica auténtica con cambio de formato")
           : estado == "EE03" ? N_("Copia electrónica auténtica de documento papel")
           : estado == "EE04" ? N_("Copia electrónica parcial auténtica")
                              : nullptr;
}

bool known_document_type(const std::string& code) {
    if (code.size() != 4 || !code.starts_with("TD")) return false;
    const int number = (code[2] - '0') * 10 + (code[3] - '0');
    return code == "TD99" || (number >= 1 && number <= 20 && code[3] >= '0' && code[3] <= '9');
}

/// "1,3-5": the pages of the original that a statement speaks of.
std::string pages_told(const std::string& statement) {
    const Json said = Json::parse(statement);
    std::vector<std::int64_t> pages;
    for (const char* list : {"enteras", "recortadas"})
        for (const auto& one : said.at(list).as_array()) pages.push_back(one.int_or("pagina", 0));
    std::sort(pages.begin(), pages.end());
    std::string out;
    for (std::size_t n = 0; n < pages.size();) {
        const auto first = pages[n];
        auto last = first;
        while (++n < pages.size() && pages[n] == last + 1) last = pages[n];
        out += (out.empty() ? "" : ",") + std::to_string(first) +
               (last > first ? "-" + std::to_string(last) : "");
    }
    return out;
}

}  // namespace

concejo::Result<Documento, const char*> original_of_copies(Transaction& tx, const Csv& csv) {
    auto original = Documents(tx).find(csv);
    if (!original) return N_("Ningún documento tiene ese código.");
    if (original->sal.empty())
        return N_("Ese documento se suprimió por protección de datos: no hay de qué hacer una copia.");
    if (original->tipo_medio != "application/pdf" || original->bytes > largest_original)
        return N_("Solo se hacen copias de los PDF de hasta 32 MB.");
    return std::move(*original);
}

const char* why_no_copy(std::string_view refused) {
    if (refused == "encrypted") return N_("El PDF está cifrado: quítele la contraseña.");
    if (refused == "too_many_pages") return N_("El PDF tiene demasiadas páginas.");
    if (refused == "too_large") return N_("El PDF, o alguna de sus páginas, es demasiado grande.");
    if (refused == "no_such_page")
        return N_("Las páginas o las zonas no están bien escritas, o no son de este documento.");
    if (refused == "text_not_found")
        return N_(
            "Alguno de los textos que se quitan no está en esas páginas, o está dentro de una imagen: "
            "márquelo con una zona.");
    if (refused == "nothing_removed")
        return N_("Una copia parcial tiene que dejar fuera alguna página o alguna zona.");
    if (refused == "not_a_scan") return N_("Ese PDF no es un escaneo: tiene páginas sin ninguna imagen.");
    if (refused == "low_resolution")
        return N_(
            "El escaneo tiene menos de 200 píxeles por pulgada, que es el mínimo de la norma de "
            "digitalización.");
    return N_("De este PDF no se puede hacer una copia.");
}

std::vector<CopiaAutentica> Copies::page(std::int64_t before, int most) {
    std::vector<CopiaAutentica> all;
    for (const auto& row :
         tx_.exec_list("SELECT c.numero, c.csv, c.origen, c.estado, d.titulo, c.paginas, "
                       "extract(epoch FROM c.expedida_en)::bigint FROM evidence_copia c JOIN "
                       "evidence_documento d ON d.csv = c.csv "
                       "WHERE $1::bigint = 0 OR c.numero < $1::bigint ORDER BY c.numero DESC LIMIT $2",
                       {Param(before), Param(most)}))
        all.push_back({row.integer(0), *Csv::parse(row.view(1)),
                       row.is_null(2) ? std::nullopt : Csv::parse(row.view(2)), row.text(3), row.text(4),
                       row.text(5), row.integer(6)});
    return all;
}

void Copies::insert(const Csv& csv, const CopyRequest& asked, const std::string& statement,
                    std::string_view secret) {
    tx_.exec(
        "INSERT INTO evidence_copia (csv, origen, estado, paginas, areas, declaracion, secreto) "
        "VALUES ($1, $2, $3, $4, $5, $6, decode($7, 'hex'))",
        csv.text(), asked.origen ? std::optional(asked.origen->text()) : std::nullopt, asked.estado,
        asked.paginas, asked.areas, statement,
        secret.empty() ? std::nullopt : std::optional(crypto::hex(secret)));
}

/// What is decided before the child is asked.
struct IssueCopy::Draft {
    Csv csv = Csv::random();
    std::optional<Documento> original;
    std::string source;  ///< the original's ENI identifier
    std::string leaf;    ///< hash of the original's leaf
    std::string secret;
    std::int64_t when = 0;
    std::shared_ptr<const Office> office;
};

std::string IssueCopy::organo() const {
    const auto said = call_.settings()["copias"].string_or("organo", "");
    return said.empty() ? call_.municipality().string_or("name", "") : said;
}

Json IssueCopy::make(const CopyRequest& asked, Draft& draft) {
    const auto when = call_.instant(draft.when, concejo::Style::long_, concejo::Style::short_);
    const auto condition = call_.tr(condition_named(asked.estado));
    const auto note =
        draft.original
            ? fill(
                  call_.tr("{condicion}, expedida el {fecha} por {organo}. Documento de origen: {origen}"),
                  {{"condicion", condition}, {"fecha", when}, {"organo", organo()}, {"origen", draft.source}})
            : fill(call_.tr("{condicion}, expedida el {fecha} por {organo}"),
                   {{"condicion", condition}, {"fecha", when}, {"organo", organo()}});
    Json wanted = Json::object(
        {{"kind", asked.estado},
         {"stamp",
          Json::object(
              {{"csv_label", call_.tr("Código seguro de verificación")},
               {"csv", draft.csv.grouped()},
               {"url_label", call_.tr("Compruébelo en")},
               {"url", call_.url(concejo::services::verification_path(draft.csv.text()), true)},
               {"note", note},
               {"mark", draft.office->development() ? call_.tr("Claves de desarrollo: sin validez") : ""},
               {"language", call_.municipality().string_or("default_language", "es")},
               {"page_label", call_.tr("Página {page} de {pages}")}})}});
    if (asked.estado == "EE04") {
        wanted["pages"] = asked.paginas;
        wanted["areas"] = asked.areas;
        wanted["texts"] = asked.textos;
        wanted["municipio"] = call_.municipality().string_or("id", "");
        wanted["original"] = draft.leaf;
        wanted["secret"] = crypto::hex(draft.secret);
    }
    const auto file = draft.original ? Json::object({{"blob", draft.original->sha256}})
                                     : Json::object({{"path", asked.scan}});
    const auto done = run_tool(call_, {"copy", "{in}"}, file, wanted.dump(), asked.seconds);
    if (done.int_or("exit", -1) != 0 || done.bool_or("truncated", false))
        return Json::object({{"refused", done.bool_or("timed_out", false) || done.bool_or("truncated", false)
                                             ? "too_large"
                                             : "unreadable"}});
    return Json::parse(done.string_or("stdout", "{}"));
}

Documento IssueCopy::seal(const CopyRequest& asked, const Draft& draft, const std::string& pdf,
                          const Json& made) {
    const auto statement = made.string_or("statement", "");
    Json metadata = Json::object({{"estado_elaboracion", asked.estado},
                                  {"condicion", condition_named(asked.estado)},
                                  {"organo", organo()},
                                  {"fecha_copia", utc(draft.when)}});
    const auto known = draft.original ? draft.original->metadatos : Json::object();
    metadata["tipo_documental"] =
        draft.original ? known.string_or("tipo_documental", "TD99") : asked.tipo_documental;
    if (draft.original) metadata["identificador_documento_origen"] = draft.source;
    for (const char* name : {"numero", "referencia", "origen"})
        if (const auto text = known.string_or(name, ""); !text.empty()) metadata[name] = text;
    if (!asked.referencia.empty()) metadata["referencia"] = asked.referencia;
    if (asked.de_ciudadano) metadata["origen"] = "ciudadano";
    if (!statement.empty()) {
        metadata["raiz_extracto"] = Json::parse(statement).string_or("raiz", "");
        metadata["paginas_origen"] = asked.paginas;
    }
    auto tx = call_.begin();
    Peticion petition;
    petition.documento = "copia." + crypto::hex(random_bytes(16));
    petition.nombre = "copia-" + draft.csv.grouped() + ".pdf";
    const bool own_title = !draft.original || (asked.estado == "EE04" && !asked.titulo.empty());
    petition.titulo = own_title ? asked.titulo : draft.original->titulo;
    petition.idioma =
        draft.original ? draft.original->idioma : call_.municipality().string_or("default_language", "es");
    petition.metadatos = std::move(metadata);
    petition.publicado = false;
    petition.csv = draft.csv;
    auto sealed = seal_bytes(call_, tx, std::move(petition), pdf, "application/pdf");
    Copies(tx).insert(sealed.csv, asked, statement, draft.secret);
    call_.audit(tx, "evidence.copia", sealed.documento, "ok",
                Json::object({{"estado", asked.estado},
                              {"csv", sealed.csv.text()},
                              {"origen", asked.origen ? Json(asked.origen->text()) : Json()},
                              {"paginas", asked.paginas},
                              {"areas", asked.areas}}));
    tx.commit();
    return sealed;
}

concejo::Result<Documento, const char*> IssueCopy::operator()(const CopyRequest& asked) {
    if (!condition_named(asked.estado)) return N_("Elija una clase de copia.");
    if ((asked.estado == "EE03") != !asked.origen)
        return N_("La copia de un papel necesita su escaneo; las demás, el código del original.");
    if (!known_document_type(asked.tipo_documental))
        return N_("Ese tipo documental no es ninguno del ENI: de TD01 a TD20, o TD99.");
    Draft draft;
    {
        auto tx = call_.begin();
        draft.office = office_of(call_, tx);
        if (asked.origen) {
            draft.original = Documents(tx).find(*asked.origen);
            if (!draft.original) return N_("Ningún documento tiene ese código.");
            if (draft.original->sal.empty())
                return N_(
                    "Ese documento se suprimió por protección de datos: no hay de qué hacer una copia.");
            if (draft.original->tipo_medio != "application/pdf" || draft.original->bytes > largest_original)
                return N_("Solo se hacen copias de los PDF de hasta 32 MB.");
            draft.source = eni_identifier(call_.municipality(), *draft.original);
            draft.leaf = crypto::hex(crypto::view(log::leaf_hash(LogReader(tx).entry(draft.original->hoja))));
        }
        tx.commit();  // a development hierarchy may have been made
    }
    if (asked.estado == "EE04") draft.secret = random_bytes(32);
    draft.when =
        std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()).time_since_epoch().count();
    const Json made = make(asked, draft);
    const auto pdf = crypto::unbase64(made.string_or("pdf", ""));
    if (!pdf || pdf->empty()) return why_no_copy(made.string_or("refused", ""));
    auto told = asked;
    if (asked.estado == "EE04") told.paginas = pages_told(made.string_or("statement", ""));
    return seal(told, draft,
                seal_pdf(call_, *draft.office, *pdf, call_.tr(condition_named(asked.estado))).file, made);
}

const char* condition_of(const Documento& d) {
    return condition_named(d.metadatos.string_or("estado_elaboracion", ""));
}

std::vector<std::pair<std::string, std::string>> about_copy(const Call& call, const Documento& d) {
    const auto* condition = condition_of(d);
    if (!condition) return {};
    std::vector<std::pair<std::string, std::string>> all{
        {call.tr("Condición"), call.tr(condition)}, {call.tr("Expedida el"), call.instant(d.sellado_en)}};
    const auto source = d.metadatos.string_or("identificador_documento_origen", "");
    all.emplace_back(call.tr("Documento de origen"),
                     source.empty() ? call.tr("Un original en papel") : source);
    if (const auto pages = d.metadatos.string_or("paginas_origen", ""); !pages.empty())
        all.emplace_back(call.tr("Páginas del original que contiene"), pages);
    return all;
}

}  // namespace evidence
