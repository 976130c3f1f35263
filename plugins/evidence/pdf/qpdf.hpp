// What is used of qpdf. Its JSON.hh is kept out: Clang refuses it in C++20 (a class within JSON has a vector
// of the unfinished JSON), and the other headers only name that class.
#pragma once

#define JSON_HH
class JSON;

#include <qpdf/QPDF.hh>
#include <qpdf/QPDFEFStreamObjectHelper.hh>
#include <qpdf/QPDFEmbeddedFileDocumentHelper.hh>
#include <qpdf/QPDFExc.hh>
#include <qpdf/QPDFFileSpecObjectHelper.hh>
#include <qpdf/QPDFPageDocumentHelper.hh>
#include <qpdf/QPDFPageObjectHelper.hh>
#include <qpdf/QPDFWriter.hh>
