// For tests: a certificate that an edict was exposed, with what was seen of it and when, as a municipality
// writes it.
#pragma once

#include "plugins/evidence/factory/make.hpp"
#include "plugins/evidence/testing/workspace.hpp"

namespace evidence::testing {

inline const std::string diligencia_url = "https://sede.valdehermoso.example/csv/7K4MQ2ZP9XWBTR6HD3NC";

inline factory::Picture a_shield() {
    return {read(std::string(CONCEJO_SOURCE_DIR) + "/themes/valdehermoso/escudo.svg"),
            "Escudo de Valdehermoso"};
}

inline factory::Verification a_verification() {
    return {"Código seguro de verificación (CSV)",
            "7K4M-Q2ZP-9XWB-TR6H-D3NC",
            "Compruebe este documento en",
            diligencia_url,
            "Copia electrónica auténtica (art. 27.3.c de la Ley 39/2015).",
            "Documento de desarrollo, sin validez"};
}

/// Nothing but what every document has.
inline factory::Document a_document(std::vector<factory::Block> blocks) {
    using namespace std::chrono;
    factory::Document made;
    made.title = "Diligencia de exposición del edicto 2026/0147";
    made.language = "es-ES";
    made.author = "Ayuntamiento de Valdehermoso";
    made.subject = "Expediente 2026/0147";
    made.application = "Concejo";
    made.created = sys_days(2026y / 2 / 17) + 9h + 30min;
    made.page_label = "Página {page} de {pages}";
    made.letterhead = {"Ayuntamiento de Valdehermoso",
                       "Secretaría General · Tablón de edictos",
                       a_shield(),
                       {0.48, 0.12, 0.23}};
    made.verification = a_verification();
    made.blocks = std::move(blocks);
    return made;
}

/// One row for each day's probes, `days` of them.
inline factory::Table a_table_of_probes(int days) {
    factory::Table table;
    table.caption = "Comprobaciones de cada día";
    table.columns = {{"Día"},
                     {"Comprobaciones", factory::Align::right},
                     {"Visible", factory::Align::right},
                     {"Hora de la primera", factory::Align::centre},
                     {"Hora de la última", factory::Align::centre},
                     {"Testigos"}};
    table.row_headers = true;
    for (int day = 1; day <= days; ++day) {
        const bool gap = day % 11 == 6;
        char date[40];
        std::snprintf(date, sizeof date, "%02d/%02d/2026", (day + 14) % 28 + 1, 1 + (day + 14) / 28 % 12);
        table.rows.push_back({factory::Text(date), factory::Text("288"), factory::Text(gap ? "281" : "288"),
                              factory::Text("00:02:11"), factory::Text("23:57:08"),
                              gap ? factory::Text("propio, Riomar (7 sin respuesta, de 03:10 a 03:40)")
                                  : factory::Text("propio, Riomar")});
    }
    return table;
}

inline factory::Document a_diligencia(int days = 30) {
    using namespace factory;
    return a_document({
        Heading{1, "Diligencia de exposición en el tablón de edictos"},
        Paragraph{std::vector<Run>{
            {"Doña Carmen Iglesias Ñúñez, Secretaria-Interventora del Ayuntamiento de Valdehermoso, "},
            {"hace constar", true},
            {": que el edicto que se indica ha estado expuesto al público en el tablón de edictos de la "},
            {"sede electrónica", false, false, false, "https://sede.valdehermoso.example/tablon"},
            {" de este Ayuntamiento durante el plazo que se dice, y que en ese tiempo nadie lo ha "
             "cambiado."}}},
        Definitions{
            {{"Edicto",
              "Aprobación inicial de la ordenanza fiscal reguladora de la tasa por ocupación de terrenos de "
              "uso público con mesas y sillas"},
             {"Expediente", "2026/0147"},
             {"Expuesto desde", "16 de enero de 2026, a las 9:00"},
             {"Expuesto hasta", "16 de febrero de 2026, a las 23:59"},
             {"Huella (SHA-256)",
              std::vector<Run>{{"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", false,
                                false, true}}}}},
        Heading{2, "Qué se comprobó"},
        Paragraph{"El propio servidor y otros ayuntamientos pidieron el edicto cada cinco minutos y anotaron "
                  "lo que vieron en un registro en el que nada se puede cambiar ni borrar sin que se note. "
                  "El resumen de esas anotaciones es este:"},
        List{{"8.640 comprobaciones, de las que 8.619 (el 99,76 %) vieron el edicto íntegro.",
              "21 comprobaciones sin respuesta, en tres intervalos que suman 1 hora y 45 minutos.",
              "Ninguna vio un documento distinto del publicado."}},
        Note{"El plazo de exposición se cuenta en días hábiles (art. 30.2 de la Ley 39/2015). Las "
             "interrupciones que figuran en la tabla no llegan a un día y no lo alargan.",
             "Interrupciones", true},
        a_table_of_probes(days),
        Heading{2, "Cómo comprobarlo"},
        List{{"Entre en la dirección que figura al pie, o lea el código QR con un teléfono.",
              "Compare el documento que se le muestra con este papel: han de ser iguales.",
              Text(std::vector<Run>{{"Si quiere comprobarlo sin el Ayuntamiento, descargue el archivo "},
                                    {".evidencia", false, true},
                                    {" y ábralo con cualquier verificador que siga el formato publicado."}})},
             true},
        Note{"Esta diligencia se expide de forma automatizada (art. 41 de la Ley 40/2015) con el sello "
             "electrónico del Ayuntamiento."},
        Paragraph{"En Valdehermoso, a 17 de febrero de 2026", Align::left, true},
        Paragraph{"La Secretaria-Interventora", Align::left, true},
        SignatureSpace{},
    });
}

}  // namespace evidence::testing
