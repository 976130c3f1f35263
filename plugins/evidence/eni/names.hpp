// The namespaces of the ENI's schemas, version 1.0 (NTI de documento and de expediente electrónico).
#pragma once

namespace evidence::eni {

inline constexpr const char* documento_ns =
    "http://administracionelectronica.gob.es/ENI/XSD/v1.0/documento-e";
inline constexpr const char* contenido_ns =
    "http://administracionelectronica.gob.es/ENI/XSD/v1.0/documento-e/contenido";
inline constexpr const char* metadatos_ns =
    "http://administracionelectronica.gob.es/ENI/XSD/v1.0/documento-e/metadatos";
inline constexpr const char* firma_ns = "http://administracionelectronica.gob.es/ENI/XSD/v1.0/firma";
inline constexpr const char* expediente_ns =
    "http://administracionelectronica.gob.es/ENI/XSD/v1.0/expediente-e";
inline constexpr const char* indice_ns =
    "http://administracionelectronica.gob.es/ENI/XSD/v1.0/expediente-e/indice-e";
inline constexpr const char* indice_contenido_ns =
    "http://administracionelectronica.gob.es/ENI/XSD/v1.0/expediente-e/indice-e/contenido";
inline constexpr const char* expediente_meta_ns =
    "http://administracionelectronica.gob.es/ENI/XSD/v1.0/expediente-e/metadatos";

}  // namespace evidence::eni
