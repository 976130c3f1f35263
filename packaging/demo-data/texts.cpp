// What edicts repeat, in the words that town halls use.
#include "announcement.hpp"

namespace demo {

Paragraphs operator+(Paragraphs a, const Paragraphs& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

namespace {
std::string list(const std::vector<std::string>& items) {
    std::string text;
    for (std::size_t i = 0; i < items.size(); ++i)
        text += (i ? "\n" : "") + std::to_string(i + 1) + ". " + items[i];
    return text;
}
}  // namespace

namespace es {

Paragraphs initial_approval(const std::string& what, const std::string& article) {
    return {
        "El Pleno del Ayuntamiento de Valdehermoso, en sesión ordinaria, acordó por mayoría absoluta la aprobación inicial de " +
            what + ".",
        "En cumplimiento de " + article +
            ", el expediente se somete a información pública desde el {desde} hasta el {hasta}, ambos incluidos, para que cualquier persona interesada pueda examinarlo y presentar las "
            "reclamaciones, reparos u observaciones que considere oportunas.",
        "El expediente puede consultarse en la Secretaría del Ayuntamiento, plaza de la Constitución, 1, de lunes a viernes de 9:00 a 14:00, y en esta sede electrónica. Las alegaciones se presentan en el registro "
        "electrónico o en cualquiera de los lugares que señala el artículo 16.4 de la Ley 39/2015, de 1 de octubre.",
        "Si transcurre el plazo sin reclamaciones, el acuerdo hasta entonces provisional se entenderá aprobado definitivamente sin necesidad de otro expreso."};
}

Paragraphs activity_licence(const std::string& who, const std::string& what, const std::string& where,
                            const std::string& file) {
    return {
        who + " ha solicitado licencia ambiental y de apertura para la actividad de " + what + ", en " +
            where + " (expediente " + file + ").",
        "De acuerdo con la normativa autonómica de prevención ambiental, se abre un período de información pública desde el {desde} hasta el {hasta} para que quienes puedan resultar afectados por la actividad examinen "
        "el proyecto y formulen las alegaciones que estimen convenientes.",
        "La documentación técnica, firmada por técnico competente, comprende la memoria ambiental, el estudio acústico, las medidas contra incendios y los planos del local. Se notificará además de forma individual a los "
        "vecinos inmediatos al lugar del emplazamiento.",
        "Contra este acto de trámite no cabe recurso, sin perjuicio de la oposición que las personas interesadas puedan alegar para su consideración en la resolución que ponga fin al procedimiento."};
}

Paragraphs job_call(const std::string& post, const std::string& group, int posts, const std::string& exam) {
    const std::string number = posts == 1 ? "una plaza" : std::to_string(posts) + " plazas";
    return {
        "Por Resolución de la Alcaldía se han aprobado las bases y la convocatoria para la provisión de " +
            number + " de " + post + ", incluida en la oferta de empleo público de {ejercicio}.",
        "# Primera. Objeto y características",
        "Es objeto de esta convocatoria la selección de " + number + " de " + post + ", grupo " + group +
            ", en régimen de jornada completa, por el sistema de concurso-oposición libre.",
        "# Segunda. Requisitos",
        "Las personas aspirantes deben reunir, al terminar el plazo de presentación de solicitudes, los requisitos siguientes:",
        list(
            {"Tener la nacionalidad española, o estar en alguno de los supuestos del artículo 57 del Estatuto Básico del Empleado Público.",
             "Tener cumplidos dieciséis años y no exceder de la edad de jubilación forzosa.",
             "Poseer la titulación exigida para el grupo " + group + ".",
             "Poseer la capacidad funcional para el desempeño de las tareas.",
             "No haber sido separado del servicio de ninguna Administración pública ni hallarse inhabilitado."}),
        "# Tercera. Solicitudes",
        "Las solicitudes se presentan en el registro electrónico de esta sede durante el plazo de exposición de este anuncio, que termina el {hasta}. A la solicitud se acompaña la declaración responsable de reunir los "
        "requisitos y, en su caso, la acreditación de los méritos. La tasa por derechos de examen es de 18,50 euros; están exentas las personas desempleadas y las que tengan reconocida una discapacidad igual o superior al 33 %.",
        "# Cuarta. Admisión",
        "Expirado el plazo, la Alcaldía dictará en un mes la resolución que apruebe la lista provisional de personas admitidas y excluidas, que se publicará en este tablón con un plazo de diez días hábiles de subsanación.",
        "# Quinta. Tribunal",
        "El tribunal calificador se compone de presidencia, secretaría y tres vocalías, con titulares y suplentes, y tiende a la paridad. No forman parte de él el personal de elección o de designación política, los "
        "funcionarios interinos ni el personal eventual.",
        "# Sexta. Procedimiento de selección",
        "La fase de oposición, con un máximo de 60 puntos, consta de los ejercicios siguientes, todos obligatorios y eliminatorios: " +
            exam,
        "La fase de concurso, con un máximo de 40 puntos, valora la experiencia profesional (0,20 puntos por mes completo en plaza igual, hasta 25 puntos) y la formación relacionada con el puesto (hasta 15 puntos).",
        "# Séptima. Calificación, relación de aprobados y bolsa",
        "Terminada la calificación, el tribunal hará pública la relación de personas aprobadas por orden de puntuación. Las que superen al menos el primer ejercicio formarán una bolsa de trabajo con vigencia de tres años.",
        "# Octava. Recursos",
        "Contra estas bases puede interponerse recurso potestativo de reposición ante la Alcaldía en el plazo de un mes, o recurso contencioso-administrativo ante el Juzgado de lo Contencioso-Administrativo en el de dos meses."};
}

Paragraphs job_list(const std::string& post, int admitted, int excluded) {
    Paragraphs body{
        "Por Resolución de la Alcaldía se aprueba la lista provisional de personas admitidas y excluidas en el proceso selectivo de " +
            post + ": " + std::to_string(admitted) + " admitidas y " + std::to_string(excluded) +
            " excluidas.",
        "Las personas se identifican por las iniciales de su nombre y cuatro cifras de su documento, según la disposición adicional séptima de la Ley Orgánica 3/2018.",
        "# Personas excluidas y causa"};
    static const char* causes[] = {"no acredita la titulación", "no aporta el justificante de la tasa",
                                   "solicitud sin firmar", "presentada fuera de plazo"};
    std::string rows;
    for (int i = 0; i < excluded; ++i)
        rows += (i ? "\n" : "") + std::string(1, static_cast<char>('A' + (i * 7) % 26)) + ". " +
                static_cast<char>('A' + (i * 11 + 4) % 26) + ". " + static_cast<char>('B' + (i * 5) % 24) +
                ".   ***" + std::to_string(1000 + (i * 2713) % 9000) + "**   " + causes[i % 4];
    body.push_back(rows);
    body.push_back(
        "Se concede un plazo de diez días hábiles, contados desde el siguiente al de esta publicación, para subsanar los defectos o alegar la omisión. El ejercicio se celebrará en el Centro Cultural, calle del Olmo, 12.");
    return body;
}

Paragraphs tax_roll(const std::string& tax, const std::string& period) {
    return {
        "Aprobado por Resolución de la Alcaldía el padrón de " + tax + ", correspondiente a " + period +
            ", queda expuesto al público desde el {desde} hasta el {hasta}.",
        "Durante la exposición las personas interesadas pueden examinarlo en las oficinas de Recaudación y, en el plazo de un mes desde que termine, interponer el recurso de reposición previo al contencioso-administrativo "
        "que regula el artículo 14.2 del texto refundido de la Ley Reguladora de las Haciendas Locales.",
        "El plazo de ingreso en período voluntario es de dos meses. Los recibos no domiciliados se pagan en las entidades colaboradoras o con tarjeta en esta sede. Transcurrido el plazo, las deudas se exigen por el "
        "procedimiento de apremio, con los recargos, intereses y costas que correspondan (artículos 26 y 28 de la Ley General Tributaria).",
        "Esta publicación tiene efectos de notificación colectiva, según el artículo 102.3 de la Ley General Tributaria."};
}

Paragraphs plenary(const std::string& kind, const std::vector<std::string>& agenda) {
    return {
        "Por Decreto de la Alcaldía se convoca al Pleno de la Corporación a sesión " + kind +
            ", que se celebrará en el salón de plenos de la Casa Consistorial. De no haber quórum, se celebrará dos días después a la misma hora.",
        "# Orden del día", list(agenda),
        "La sesión es pública y se retransmite con subtítulos. La documentación de los asuntos está a disposición de los miembros de la Corporación en la Secretaría desde hoy."};
}

Paragraphs grants(const std::string& what, const std::string& who, const std::string& credit,
                  const std::vector<std::string>& criteria) {
    return {
        "Se convocan, en régimen de concurrencia competitiva, ayudas para " + what + ".",
        "# Personas beneficiarias",
        who,
        "# Cuantía",
        "El crédito disponible es de " + credit + ", con cargo al presupuesto vigente.",
        "# Criterios de valoración",
        list(criteria),
        "# Solicitudes",
        "Se presentan en esta sede desde el {desde} hasta el {hasta}, con el modelo normalizado. La resolución se dicta en tres meses; la falta de resolución expresa tiene efecto desestimatorio.",
        "El texto completo de la convocatoria está en la Base de Datos Nacional de Subvenciones."};
}

Paragraphs contract(const std::string& object, const std::string& budget, const std::string& duration) {
    return {
        "El Ayuntamiento de Valdehermoso tramita el expediente de contratación de " + object + ".",
        "Presupuesto base de licitación: " + budget + ", IVA incluido. Duración: " + duration + ".",
        "El anuncio de licitación, los pliegos y la presentación de ofertas están en el perfil de contratante del Ayuntamiento, alojado en la Plataforma de Contratación del Sector Público. Este anuncio es solo informativo.",
        "El plazo de presentación de ofertas termina el {hasta} a las 14:00."};
}

}  // namespace es

namespace gl {

Paragraphs initial_approval(const std::string& what, const std::string& article) {
    return {
        "O Pleno do Concello de Riomar, en sesión ordinaria, acordou a aprobación inicial de " + what + ".",
        "En cumprimento de " + article +
            ", o expediente sométese a información pública desde o {desde} ata o {hasta}, ambos incluídos, para que as persoas interesadas poidan examinalo e presentar as reclamacións e "
            "suxestións que consideren oportunas.",
        "O expediente pode consultarse na Secretaría do Concello, rúa do Peirao, 3, de luns a venres de 9:00 a 14:00, e nesta sede electrónica. As alegacións preséntanse no rexistro electrónico ou en calquera dos lugares "
        "que sinala o artigo 16.4 da Lei 39/2015, do 1 de outubro.",
        "De non se presentaren reclamacións, o acordo considerarase aprobado definitivamente."};
}

Paragraphs activity_licence(const std::string& who, const std::string& what, const std::string& where,
                            const std::string& file) {
    return {
        who + " solicitou licenza para a actividade de " + what + ", en " + where + " (expediente " + file +
            ").",
        "Ábrese un período de información pública desde o {desde} ata o {hasta} para que as persoas que poidan resultar afectadas examinen o proxecto e formulen as alegacións que consideren convenientes.",
        "A documentación comprende a memoria ambiental, o estudo acústico e os planos do local. Notificarase ademais á veciñanza inmediata.",
        "Contra este acto de trámite non cabe recurso, sen prexuízo da oposición que as persoas interesadas poidan alegar."};
}

Paragraphs job_call(const std::string& post, const std::string& group, int posts, const std::string& exam) {
    const std::string number = posts == 1 ? "unha praza" : std::to_string(posts) + " prazas";
    return {
        "Por Resolución da Alcaldía aprobáronse as bases e a convocatoria para a provisión de " + number +
            " de " + post + ", grupo " + group + ".",
        "# Primeira. Obxecto",
        "É obxecto desta convocatoria a selección de " + number + " de " + post +
            " polo sistema de concurso-oposición.",
        "# Segunda. Requisitos",
        list(
            {"Ter a nacionalidade española ou estar nalgún dos supostos do artigo 52 da Lei do emprego público de Galicia.",
             "Ter cumpridos dezaseis anos.", "Posuír a titulación esixida para o grupo " + group + ".",
             "Non estar inhabilitado para o exercicio de funcións públicas."}),
        "# Terceira. Solicitudes",
        "As solicitudes preséntanse no rexistro electrónico desta sede ata o {hasta}. Achégase a declaración responsable de reunir os requisitos e a acreditación dos méritos, incluído o coñecemento da lingua galega.",
        "# Cuarta. Tribunal",
        "O tribunal componse de presidencia, secretaría e tres vogalías, con titulares e suplentes.",
        "# Quinta. Exercicios",
        exam,
        "# Sexta. Recursos",
        "Contra estas bases pode interpoñerse recurso de reposición ante a Alcaldía no prazo dun mes, ou recurso contencioso-administrativo no de dous meses."};
}

Paragraphs tax_roll(const std::string& tax, const std::string& period) {
    return {
        "Aprobado por Resolución da Alcaldía o padrón de " + tax + ", correspondente a " + period +
            ", queda exposto ao público desde o {desde} ata o {hasta}.",
        "Durante a exposición as persoas interesadas poden examinalo e, no prazo dun mes desde que remate, interpoñer o recurso de reposición previo ao contencioso-administrativo.",
        "O prazo de ingreso en período voluntario é de dous meses. Transcorrido este, as débedas esixiranse polo procedemento de constrinximento.",
        "Esta publicación ten efectos de notificación colectiva, segundo o artigo 102.3 da Lei xeral tributaria."};
}

Paragraphs plenary(const std::string& kind, const std::vector<std::string>& agenda) {
    return {"Por Decreto da Alcaldía convócase o Pleno da Corporación a sesión " + kind +
                ", que se celebrará no salón de sesións da Casa do Concello.",
            "# Orde do día", list(agenda), "A sesión é pública e retransmítese en directo."};
}

Paragraphs grants(const std::string& what, const std::string& who, const std::string& credit) {
    return {
        "Convócanse, en réxime de concorrencia competitiva, axudas para " + what + ".",
        "# Persoas beneficiarias",
        who,
        "# Contía",
        "O crédito dispoñible é de " + credit + ".",
        "# Solicitudes",
        "Preséntanse nesta sede desde o {desde} ata o {hasta}, co modelo normalizado. A resolución díctase en tres meses.",
        "O texto completo da convocatoria está na Base de Datos Nacional de Subvencións."};
}

}  // namespace gl

}  // namespace demo
