#include "diligencia.hpp"

#include "availability.hpp"
#include "availability_text.hpp"
#include "composing.hpp"
#include "sdk.hpp"
#include "seal.hpp"

namespace evidence {
namespace {

std::string name_in_log(const Csv& exposed) { return "evidence.diligencia." + exposed.text() + "."; }

/// The model of the document (factory/json.hpp), part by part.
class Model {
public:
    Model(const Call& call, const Documento& exposed, const Constancia& what, const Office& office,
          std::int64_t now)
        : call_(call),
          exposed_(exposed),
          what_(what),
          office_(office),
          now_(now),
          town_(call.municipality()) {}

    std::string title() const {
        return fill(call_.tr("Diligencia de exposición: {titulo}"), {{"titulo", exposed_.titulo}});
    }

    Json json() {
        opening();
        facts();
        samples();
        gaps();
        how_to_check();
        closing();
        return Json::object(
            {{"title", title()}, {"subject", exposed_.csv.grouped()}, {"blocks", std::move(blocks_)}});
    }

private:
    void add(const char* kind, Json what) { blocks_.push_back(Json::object({{kind, std::move(what)}})); }
    void heading(int level, std::string text) {
        add("heading", Json::object({{"level", level}, {"text", std::move(text)}}));
    }
    void paragraph(std::string text) { add("paragraph", Json::object({{"text", std::move(text)}})); }
    std::string moment(std::int64_t when) const {
        return call_.instant(when, concejo::Style::long_, concejo::Style::medium);
    }
    std::string short_moment(std::int64_t when) const {
        return call_.instant(when, concejo::Style::short_, concejo::Style::medium);
    }

    void opening() {
        heading(1, call_.tr("Diligencia de exposición"));
        paragraph(
            fill(what_.interrupciones.empty()
                     ? call_.tr("{municipio} hace constar que, según su control de disponibilidad, el "
                                "documento que se indica estuvo expuesto al público en su sede electrónica "
                                "durante el tiempo que se dice, sin que conste ninguna interrupción.")
                     : call_.tr("{municipio} hace constar que, según su control de disponibilidad, el "
                                "documento que se indica estuvo expuesto al público en su sede electrónica "
                                "durante el tiempo que se dice, con las interrupciones que se detallan."),
                 {{"municipio", town_.string_or("name", "")}}));
        if (!what_.terminada)
            add("note",
                Json::object(
                    {{"title", call_.tr("La exposición no ha terminado")},
                     {"text",
                      call_.tr("Esta diligencia dice lo que consta hasta el momento en que se expide.")},
                     {"warning", true}}));
    }

    void facts() {
        Json all = Json::array();
        const auto fact = [&](std::string label, Json value) {
            all.push_back(Json::object({{"label", std::move(label)}, {"value", std::move(value)}}));
        };
        const auto code = [](std::string text) {
            return Json::array({Json::object({{"text", std::move(text)}, {"code", true}})});
        };
        fact(call_.tr("Documento"), exposed_.titulo);
        for (const auto& [name, label] :
             {std::pair{"organo", N_("Órgano")}, std::pair{"numero", N_("Número")},
              std::pair{"referencia", N_("Expediente o referencia")}}) {
            if (const auto text = exposed_.metadatos.string_or(name, ""); !text.empty())
                fact(call_.tr(label), text);
        }
        if (!exposed_.direccion.empty()) fact(call_.tr("Dirección"), call_.url(exposed_.direccion, true));
        fact(call_.tr("Código seguro de verificación"), code(exposed_.csv.grouped()));
        fact(call_.tr("Huella (SHA-256)"), code(exposed_.sha256));
        fact(call_.tr("Expuesto desde"), moment(what_.desde));
        fact(what_.terminada ? call_.tr("Expuesto hasta") : call_.tr("Consta hasta"), moment(what_.hasta));
        fact(call_.tr("Visto por primera vez"),
             what_.primera ? moment(*what_.primera) : call_.tr("No consta"));
        fact(call_.tr("Visto por última vez"), what_.ultima ? moment(*what_.ultima) : call_.tr("No consta"));
        add("definitions", std::move(all));
    }

    void samples() {
        heading(2, call_.tr("Qué se comprobó"));
        paragraph(
            call_.tr("Cada pocos minutos se pidió el documento en su dirección pública, como lo pediría "
                     "cualquiera, y se comparó byte a byte (SHA-256) con el que se selló. Cada novedad se "
                     "anotó en el registro de publicación, que no se puede cambiar sin que se note."));
        Json rows = Json::array();
        for (const auto& one : what_.testigos)
            rows.push_back(
                Json::array({witness_text(call_, what_, one), call_.number(static_cast<double>(one.muestras)),
                             call_.number(static_cast<double>(one.visibles)),
                             call_.number(static_cast<double>(one.distintas)),
                             one.primera_visible ? short_moment(one.primera_visible) : call_.tr("nunca")}));
        if (rows.as_array().empty()) return paragraph(call_.tr("No consta ninguna comprobación."));
        add("table", Json::object({{"caption", call_.tr("Comprobaciones, según quién miró")},
                                   {"columns", columns({{call_.tr("Quién miró"), "left"},
                                                        {call_.tr("Veces"), "right"},
                                                        {call_.tr("Íntegro"), "right"},
                                                        {call_.tr("Distinto"), "right"},
                                                        {call_.tr("Visto desde"), "left"}})},
                                   {"rows", std::move(rows)},
                                   {"row_headers", true}}));
    }

    void gaps() {
        heading(2, call_.tr("Interrupciones"));
        if (what_.interrupciones.empty()) return paragraph(call_.tr("No consta ninguna."));
        Json rows = Json::array();
        for (const auto& one : what_.interrupciones)
            rows.push_back(
                Json::array({short_moment(one.desde), short_moment(one.hasta),
                             duration_text(call_, one.hasta - one.desde), seen_text(call_, one.visto)}));
        add("table",
            Json::object({{"caption", fill(call_.tr("Tiempo en que nadie vio el documento: {total} en total"),
                                           {{"total", duration_text(call_, what_.interrumpida())}})},
                          {"columns", columns({{call_.tr("Desde"), "left"},
                                               {call_.tr("Hasta"), "left"},
                                               {call_.tr("Duración"), "right"},
                                               {call_.tr("Qué se encontró"), "left"}})},
                          {"rows", std::move(rows)}}));
        add("note",
            Json::object(
                {{"text",
                  call_.tr("Cada interrupción va desde la última vez que alguien vio el documento hasta la "
                           "siguiente. Esta diligencia no valora su efecto sobre los plazos.")}}));
    }

    void how_to_check() {
        heading(2, call_.tr("Cómo comprobarlo"));
        add("list",
            Json::object(
                {{"items",
                  Json::array({call_.tr("Entre en la dirección que figura al pie, o lea el código QR con un "
                                        "teléfono, y compare lo que se le muestra con este documento."),
                               call_.tr("Con el código del documento expuesto, descargue su archivo de "
                                        "evidencia: lleva las anotaciones del registro y este mismo control, "
                                        "y se comprueba sin conexión.")})},
                 {"numbered", true}}));
    }

    void closing() {
        paragraph(fill(
            call_.tr("Expedida de forma automatizada (artículo 41 de la Ley 40/2015, de 1 de octubre), "
                     "con el sello electrónico de {titular}, el {fecha}."),
            {{"titular", crypto::common_name(office_.seal.get()->certificate())}, {"fecha", moment(now_)}}));
        add("signature_space", Json::object());
    }

    static Json columns(std::initializer_list<std::pair<std::string, const char*>> all) {
        Json columns = Json::array();
        for (const auto& [header, align] : all)
            columns.push_back(Json::object({{"header", header}, {"align", align}}));
        return columns;
    }

    const Call& call_;
    const Documento& exposed_;
    const Constancia& what_;
    const Office& office_;
    std::int64_t now_;
    Json town_, blocks_ = Json::array();
};

}  // namespace

std::vector<Documento> diligencias_of(concejo::Transaction& tx, const Csv& exposed) {
    return Documents(tx).find_by_prefix(name_in_log(exposed));
}

Documento issue_diligencia(const Call& call, const Csv& exposed) {
    const auto now = std::chrono::floor<std::chrono::seconds>(crypto::now()).time_since_epoch().count();
    const auto csv = Csv::random();
    std::shared_ptr<const Office> office;
    Json model;
    std::string title;
    std::size_t number = 0;
    {
        auto tx = call.begin();
        const auto document = Documents(tx).find(exposed);
        if (!document) throw Error(ErrorKind::not_found, N_("Ningún documento tiene ese código."));
        const auto what = availability_of(call, tx, exposed, now);
        if (!what)
            throw Error(ErrorKind::conflict,
                        N_("De ese documento no consta ninguna exposición: no hay nada que certificar."));
        office = office_of(call, tx);
        Model made(call, *document, *what, *office, now);
        model = made.json();
        title = made.title();
        number = diligencias_of(tx, exposed).size() + 1;
        tx.commit();
    }
    const auto pdf = compose(call, *office, csv, std::move(model));

    auto tx = call.begin();
    Peticion asked;
    asked.documento = name_in_log(exposed) + std::to_string(number);
    asked.nombre = "diligencia-" + exposed.grouped() + ".pdf";
    asked.titulo = title;
    asked.idioma = language_of(call);
    asked.metadatos = Json::object({{"tipo_documental", "TD08"}, {"expuesto", exposed.text()}});
    asked.publicado = false;
    asked.csv = csv;
    auto sealed = seal_bytes(call, tx, std::move(asked), pdf, "application/pdf");
    tx.commit();
    return sealed;
}

}  // namespace evidence
