/** A school as a file: as much of it as a browser looks at. */
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export function takeSchool(response, format) {
  const workbook = format === 'SCHOOL_EXPORT_FORMAT_WORKBOOK';
  response.writeHead(200, {
    'content-type': workbook ? XLSX : 'application/zip',
    'content-disposition': `attachment; filename="${workbook ? 'report.xlsx' : 'export.zip'}"`,
  });
  response.end(Buffer.from('504b0304', 'hex'));
}
