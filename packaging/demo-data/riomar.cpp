// The board of Riomar, an invented fishing town of Galicia.
#include "announcement.hpp"

namespace demo {

Municipality riomar() {
    using namespace gl;
    const std::string sec = "Secretaría", alc = "Alcaldía", pleno = "Pleno", xunta = "Xunta de Goberno Local", interv = "Intervención";
    Municipality m{"riomar", "Concello de Riomar", "Riomar", "gl", "{lugar}, {fecha}.", "O Alcalde, Brais Outeiral Pazos", 0.04, 0.29, 0.47,
                   {"xaneiro", "febreiro", "marzo", "abril", "maio", "xuño", "xullo", "agosto", "setembro", "outubro", "novembro", "decembro"}, {}};
    m.announcements = {
        {"ORZ/{anio}/1", "edicto", pleno, "Aprobación inicial do Orzamento xeral para {anio}", "Quince días hábiles para presentar reclamacións.", -2, 22,
         initial_approval("o Orzamento xeral para o exercicio {anio}, as súas bases de execución e o cadro de persoal", "o artigo 169.1 do texto refundido da Lei reguladora das facendas locais") +
             Paragraphs{"Estado de gastos: 5.184.900,00 €. Estado de ingresos: 5.184.900,00 €. O investimento máis importante é a mellora do saneamento do barrio do Peirao, con 640.000,00 €."}},
        {"EMP/{ejercicio}/8", "empleo-publico", alc, "Bases para a selección de dous socorristas de praia", "", -3, 15, job_call("socorrista de praia", "C, subgrupo C2", 2, "proba de natación, proba de salvamento e cuestionario sobre primeiros auxilios.")},
        {"URB/{ejercicio}/12", "urbanismo", xunta, "Información pública do plan especial do porto", "Ordenación da lonxa, do paseo e do aparcadoiro.", -6, 60,
         {"A Xunta de Goberno Local aprobou inicialmente o plan especial do porto, que ordena a lonxa, o paseo marítimo e o aparcadoiro.", "Sométese a información pública desde o {desde} ata o {hasta}. A memoria e os planos están nesta sede e na Oficina Técnica.",
          "Pediranse os informes de Costas, de Portos de Galicia e de Patrimonio Cultural."}},
        {"AXU/{ejercicio}/4", "subvenciones", xunta, "Axudas a asociacións culturais e de festas", "", -5, 25, grants("as actividades de asociacións culturais e comisións de festas", "Asociacións sen ánimo de lucro inscritas no rexistro municipal.", "28.000 euros")},
        {"PLN/{ejercicio}/11", "plenos", alc, "Convocatoria do Pleno ordinario de novembro", "", -1, 6,
         plenary("ordinaria", {"Aprobación da acta da sesión anterior.", "Orzamento xeral para {anio}.", "Convenio coa confraría de pescadores.", "Rogos e preguntas."})},
        {"BAN/{ejercicio}/7", "bando", alc, "Bando sobre o aviso laranxa por vento e mar", "Pecha o paseo do espigón.", 0, 3,
         {"Ante o aviso laranxa por vento e fenómenos costeiros, pecha ao público o paseo do espigón e as praias. Prégase á veciñanza que retire os obxectos de balcóns e terrazas e que evite achegarse ao mar.", "Teléfono de emerxencias: 112."}},
        {"TRI/{ejercicio}/9", "padron-tributos", interv, "Padrón da taxa pola subministración de auga, terceiro trimestre", "", -9, 31, tax_roll("a taxa pola subministración de auga e saneamento", "o terceiro trimestre de {ejercicio}")},
        {"LIC/{ejercicio}/21", "exposicion-publica", alc, "Licenza dunha conserveira artesá na rúa da Ribeira", "", -4, 20, activity_licence("A sociedade Conservas da Ría, S. L.", "elaboración artesanal de conservas de peixe", "a rúa da Ribeira, 14", "LIC/{ejercicio}/21")},
        {"ORD/{ejercicio}/3", "normativa", pleno, "Aprobación inicial da ordenanza de uso das praias", "", -12, 45,
         initial_approval("a Ordenanza municipal de uso das praias", "o artigo 49 da Lei 7/1985, reguladora das bases do réxime local") + Paragraphs{"Regula os usos por zonas e tempadas, a presenza de animais, a pesca recreativa e a accesibilidade das pasarelas."}},
        {"CON/{ejercicio}/6", "contratacion", xunta, "Licitación das obras do paseo marítimo, segunda fase", "Anuncio informativo: as ofertas preséntanse na Plataforma de Contratos Públicos de Galicia.", -7, 26,
         {"O Concello de Riomar tramita a contratación das obras da segunda fase do paseo marítimo, cun orzamento de 418.750,00 euros, IVE incluído, e un prazo de oito meses.", "O perfil do contratante do Concello está na Plataforma de Contratos Públicos de Galicia, onde se "
          "publican os pregos e se presentan as ofertas. O prazo remata o {hasta} ás 14:00."}},
        {"MAR/{ejercicio}/2", "anuncio", alc, "Sorteo dos postos da feira do mar", "", -3, 20, {"Hai dezaoito postos na feira do mar. As solicitudes preséntanse ata o {hasta}. O sorteo será público, no salón de sesións, o primeiro luns seguinte."}},
        {"PAD/{ejercicio}/1", "padron-tributos", sec, "Baixa de oficio no padrón por inscrición indebida", "", -8, 16, {"Non sendo posible a notificación persoal, comunícase a B. R. S., ***2214**, e a T. N., X***873*, o inicio do expediente de baixa de oficio no padrón municipal. Dispoñen de dez días para alegar."}},
        {"EMP/{ejercicio}/9", "empleo-publico", alc, "Nomeamento de persoal laboral", "Publicarase a vindeira semana.", 6, 15, {"Rematado o proceso selectivo, noméase a persoa proposta polo tribunal para a praza de peón de servizos, C. D. L., ***6610**."}},
        {"URB/{ejercicio}/14", "urbanismo", xunta, "Borrador: estudo de detalle da rúa do Faro", "", 4, 30, {"Aprobación inicial do estudo de detalle da rúa do Faro."}, "borrador"},
        {"AXU/{ejercicio}/2", "subvenciones", xunta, "Axudas para libros de texto", "", -110, 25, grants("a compra de libros de texto e material escolar", "Familias empadroadas con alumnado de educación obrigatoria.", "15.000 euros")},
        {"TRI/{ejercicio}/5", "padron-tributos", interv, "Padrón do imposto sobre vehículos de tracción mecánica", "", -160, 31, tax_roll("o imposto sobre vehículos de tracción mecánica", "o exercicio {ejercicio}")},
        {"PLN/{ejercicio}/9", "plenos", alc, "Convocatoria do Pleno ordinario de setembro", "", -58, 6, plenary("ordinaria", {"Aprobación da acta da sesión anterior.", "Conta xeral.", "Rogos e preguntas."})},
        {"LIC/{ejercicio}/15", "exposicion-publica", alc, "Licenza dun albergue de peregrinos", "", -80, 20, activity_licence("D. X. M. F.", "albergue de peregrinos de vinte prazas", "a rúa da Igrexa, 2", "LIC/{ejercicio}/15")},
        {"BAN/{ejercicio}/3", "bando", alc, "Bando sobre a limpeza de leiras e a faixa de protección", "", -190, 60, {"Lémbrase a obriga de ter limpas as leiras situadas a menos de 50 metros das vivendas. Quen non o faga antes do {hasta} exponse á execución subsidiaria."}},
        {"CON/{ejercicio}/2", "contratacion", xunta, "Licitación do servizo de comedor escolar", "Retirado para corrixir o prego.", -40, 20, {"O Concello de Riomar tramita a contratación do servizo de comedor do CEIP do Mar, cun orzamento de 96.300,00 euros."}, "retirado", "Erro no prego de prescricións técnicas: volverase licitar."},
        {"CTA/{ejercicio}/1", "edicto", interv, "Exposición pública da Conta xeral", "", -18, 30, {"Informada favorablemente pola Comisión Especial de Contas, a Conta xeral queda exposta do {desde} ao {hasta}, prazo no que se poden presentar reclamacións, reparos ou observacións."}},
    };
    return m;
}

}  // namespace demo
