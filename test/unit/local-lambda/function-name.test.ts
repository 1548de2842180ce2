import { ApiError } from '../../../src/local-lambda/api-errors';
import { parseFunctionName } from '../../../src/local-lambda/function-name';

const parse = (name: string, qualifier?: string): unknown => parseFunctionName(name, qualifier, 'eu-west-1');

describe('parseFunctionName', () => {
  test.each([
    ['hello', undefined, '$LATEST', 'arn:aws:lambda:eu-west-1:123456789012:function:hello'],
    ['hello', '$LATEST', '$LATEST', 'arn:aws:lambda:eu-west-1:123456789012:function:hello:$LATEST'],
    ['hello', '3', '3', 'arn:aws:lambda:eu-west-1:123456789012:function:hello:3'],
    ['hello:3', '3', '3', 'arn:aws:lambda:eu-west-1:123456789012:function:hello:3'],
    ['hello:v3', undefined, '$LATEST', 'arn:aws:lambda:eu-west-1:123456789012:function:hello:v3'],
    ['function:hello', undefined, '$LATEST', 'arn:aws:lambda:eu-west-1:123456789012:function:hello'],
    ['111122223333:function:hello:3', undefined, '3', 'arn:aws:lambda:eu-west-1:111122223333:function:hello:3'],
    [
      'arn:aws:lambda:us-gov-west-1:111122223333:function:hello',
      '3',
      '3',
      'arn:aws:lambda:us-gov-west-1:111122223333:function:hello:3',
    ],
  ])('%s, qualifier %s', (name, qualifier, version, arn) => {
    expect(parse(name, qualifier)).toEqual({ name: 'hello', version, arn });
  });

  test.each(['', '.', '..', 'a/b', 'a\\b', 'a.js', 'a\0', 'a b', 'ä', 'a:b:c', 'a:', 'x'.repeat(65)])(
    'refuses the name %j',
    (name) => {
      expect(() => parse(name)).toThrow(expect.objectContaining({ type: 'ValidationException', status: 400 }));
    },
  );

  test.each(['', 'a/b', '..'])('refuses the qualifier %j', (qualifier) => {
    expect(() => parse('hello', qualifier)).toThrow(ApiError);
  });
});
